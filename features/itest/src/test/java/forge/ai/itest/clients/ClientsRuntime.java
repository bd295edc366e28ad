package forge.ai.itest.clients;

import forge.ai.itest.ForgeProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** A runtime as a user starts it, with one provider whose upstream is a {@link ModelUpstream}. */
final class ClientsRuntime implements AutoCloseable {

    /** By which clients ask for the model. */
    static final String MODEL = "up/m";

    private final ModelUpstream upstream = new ModelUpstream();
    private final ForgeProcess forge;

    ClientsRuntime(Path home) throws IOException {
        Path conf = Files.createDirectories(home.resolve("conf"));
        Files.writeString(
                conf.resolve("forge.ai.provider.openai~up.cfg.json"),
                "{\"name\":\"up\",\"baseUrl\":\"" + upstream.address() + "/v1\"}");
        forge = ForgeProcess.start(home);
    }

    URI http() {
        return forge.http();
    }

    URI upstream() {
        return upstream.address();
    }

    @Override
    public void close() {
        forge.close();
        upstream.close();
    }
}
