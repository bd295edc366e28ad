package forge.ai.runtime.launcher;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the servers are going to listen: what the command line says, or else their configuration, or their default.
 *
 * @param http for HTTP
 * @param grpc for gRPC
 */
record ServerAddresses(Address http, Address grpc) {

    private static final Address DEFAULT_HTTP = new Address("127.0.0.1", 8080);
    private static final Address DEFAULT_GRPC = new Address("127.0.0.1", 8081);

    static ServerAddresses of(Options options) {
        Path file = options.home().resolve("conf/forge.ai.server.cfg.json");
        return new ServerAddresses(
                options.http().or(() -> configured(file, "http")).orElse(DEFAULT_HTTP),
                options.grpc().or(() -> configured(file, "grpc")).orElse(DEFAULT_GRPC));
    }

    /**
     * Fails if they cannot listen, both at once, before anything else is started.
     *
     * @throws Exit with the status for an address that is taken
     */
    void check() {
        try (ServerSocket one = http.listen("--http");
                ServerSocket other = grpc.listen("--grpc")) {
            // Free; they are closed again for those who are going to listen.
        } catch (IOException e) {
            throw Exit.failed("cannot try " + http + " and " + grpc + ": " + e.getMessage());
        }
    }

    /** Empty for a file that cannot be used as well: saying so is up to those who take configurations in. */
    private static Optional<Address> configured(Path file, String wanted) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (JsonParser json =
                new JsonFactory().enable(JsonParser.Feature.ALLOW_COMMENTS).createParser(file.toFile())) {
            json.nextToken();
            for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
                json.nextToken();
                if (key.equals(wanted)) {
                    return Optional.of(Address.parse(wanted, json.getText()));
                }
                json.skipChildren();
            }
        } catch (IOException | Exit e) {
            return Optional.empty();
        }
        return Optional.empty();
    }
}
