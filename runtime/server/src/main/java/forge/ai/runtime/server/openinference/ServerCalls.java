package forge.ai.runtime.server.openinference;

import forge.ai.runtime.server.Exchange;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;

/** What the server is and whether it can serve. */
final class ServerCalls {

    private static final List<String> EXTENSIONS =
            List.of("binary_tensor_data", "model_repository", "schedule_policy", "sequence", "statistics");

    private final String version;
    private final BooleanSupplier ready;

    ServerCalls(String version, BooleanSupplier ready) {
        this.version = version;
        this.ready = ready;
    }

    void metadata(Exchange exchange) throws IOException {
        exchange.json(200, json -> {
            json.writeStartObject();
            json.writeStringField("name", "forge-ai-runtime");
            json.writeStringField("version", version);
            json.writeArrayFieldStart("extensions");
            for (String extension : EXTENSIONS) {
                json.writeString(extension);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    void live(Exchange exchange) throws IOException {
        exchange.json(200, json -> {
            json.writeStartObject();
            json.writeBooleanField("live", true);
            json.writeEndObject();
        });
    }

    void ready(Exchange exchange) throws IOException {
        boolean now = ready.getAsBoolean();
        exchange.json(now ? 200 : 503, json -> {
            json.writeStartObject();
            json.writeBooleanField("ready", now);
            json.writeEndObject();
        });
    }
}
