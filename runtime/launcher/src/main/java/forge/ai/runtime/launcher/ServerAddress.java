package forge.ai.runtime.launcher;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where HTTP is going to listen: what the command line says, or else the server's configuration, or its default. */
final class ServerAddress {

    private static final Address DEFAULT = new Address("127.0.0.1", 8080);

    private ServerAddress() {}

    static Address of(Options options) {
        return options.http()
                .or(() -> configured(options.home().resolve("conf/forge.ai.server.cfg.json")))
                .orElse(DEFAULT);
    }

    /** Empty for a file that cannot be used as well: saying so is up to those who take configurations in. */
    private static Optional<Address> configured(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (JsonParser json =
                new JsonFactory().enable(JsonParser.Feature.ALLOW_COMMENTS).createParser(file.toFile())) {
            json.nextToken();
            for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
                json.nextToken();
                if (key.equals("http")) {
                    return Optional.of(Address.parse("http", json.getText()));
                }
                json.skipChildren();
            }
        } catch (IOException | Exit e) {
            return Optional.empty();
        }
        return Optional.empty();
    }
}
