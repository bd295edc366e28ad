package forge.ai.runtime.server.metrics;

import forge.ai.api.llm.Caller;
import forge.ai.api.monitoring.Metric;
import forge.ai.api.monitoring.MetricsReader;
import forge.ai.runtime.server.BodyStream;
import forge.ai.runtime.server.Dialect;
import forge.ai.runtime.server.Exchange;
import forge.ai.runtime.server.Problem;
import forge.ai.runtime.server.Route;
import forge.ai.runtime.server.Services;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.support.lease.Lease;
import forge.ai.runtime.support.serving.Doorkeeper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code GET /metrics}: all metrics as text, of Prometheus or of OpenMetrics. */
public final class MetricsDialect implements Dialect {

    private final Services services;

    public MetricsDialect(Services services) {
        this.services = services;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.get("/metrics", this::metrics));
    }

    private void metrics(Exchange exchange) throws IOException {
        // They name keys and what they cost.
        Doorkeeper.require(exchange.caller(), Caller.OPERATE);
        TextFormat format = TextFormat.accepted(exchange.header("Accept").orElse(""));
        List<Metric> metrics;
        try (Lease<MetricsReader> reader = services.metrics()) {
            metrics = reader.service().read();
        }
        String text = new MetricsText(format).of(metrics);
        exchange.answer(200, format.mediaType(), text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public byte[] problem(Problem problem) {
        return Json.write(json -> {
            json.writeStartObject();
            json.writeStringField("error", problem.message());
            json.writeEndObject();
        });
    }

    @Override
    public void problem(Problem problem, BodyStream stream) {
        // Nothing here is answered piece by piece.
    }
}
