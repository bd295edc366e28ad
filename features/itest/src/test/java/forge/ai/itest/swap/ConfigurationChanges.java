package forge.ai.itest.swap;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Changes the configuration of the provider; it is in force when the upstream sees what has changed. */
final class ConfigurationChanges implements Swaps {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Path file;
    private final URI upstream;
    private final Headers organizations;

    ConfigurationChanges(Path home, String provider, LoopbackLlm upstream) {
        this.file = home.resolve("conf/forge.ai.provider.openai~" + provider + ".cfg.json");
        this.upstream = upstream.uri();
        this.organizations = upstream.organizations();
    }

    @Override
    public Duration swap(int number) throws Exception {
        String organization = "org-" + number;
        write(organization);
        return organizations
                .await(organization, LIMIT)
                .orElseThrow(() -> new AssertionError("the upstream did not see " + organization));
    }

    void write(String organization) throws Exception {
        Path part = file.resolveSibling("." + file.getFileName() + ".part");
        Files.write(
                part,
                JSON.writeValueAsBytes(Map.of(
                        "name",
                        "up",
                        "baseUrl",
                        upstream.toString(),
                        "apiKey",
                        "secret",
                        "organization",
                        organization,
                        "models",
                        List.of(LoopbackLlm.MODEL))));
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
