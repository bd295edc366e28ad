package forge.ai.runtime.server.openinference;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.inference.InferenceService;
import forge.ai.api.inference.InferenceStatistics;
import forge.ai.api.inference.InferenceStatistics.Batch;
import forge.ai.api.inference.InferenceStatistics.Sum;
import forge.ai.api.model.ModelRegistry;
import forge.ai.runtime.server.Exchange;
import forge.ai.runtime.server.Services;
import forge.ai.runtime.support.lease.Lease;
import forge.ai.runtime.support.openinference.ServedStatistics;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** What models have computed, in the form of the statistics extension. */
final class StatisticsCalls {

    private final Services services;

    StatisticsCalls(Services services) {
        this.services = services;
    }

    void all(Exchange exchange) throws IOException {
        List<InferenceStatistics> statistics;
        try (Lease<InferenceService> engine = services.inference(exchange)) {
            statistics = ServedStatistics.all(engine.service());
        }
        exchange.json(200, json -> write(json, statistics));
    }

    void one(Exchange exchange) throws IOException {
        List<InferenceStatistics> statistics;
        try (Lease<InferenceService> engine = services.inference(exchange);
                Lease<ModelRegistry> models = services.models()) {
            statistics = ServedStatistics.of(
                    engine.service(), models.service(), exchange.variable("model"), InferCall.version(exchange));
        }
        exchange.json(200, json -> write(json, statistics));
    }

    private static void write(JsonGenerator json, List<InferenceStatistics> statistics) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("model_stats");
        for (InferenceStatistics model : statistics) {
            write(json, model);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, InferenceStatistics model) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", model.model());
        json.writeStringField("version", Long.toString(model.version()));
        json.writeNumberField(
                "last_inference",
                model.lastExecution().map(Instant::toEpochMilli).orElse(0L));
        json.writeNumberField("inference_count", model.rows());
        json.writeNumberField("execution_count", model.executions());
        json.writeObjectFieldStart("inference_stats");
        sum(json, "success", model.success());
        sum(json, "fail", model.failure());
        sum(json, "queue", model.queue());
        sum(json, "compute_input", model.computeInput());
        sum(json, "compute_infer", model.computeInfer());
        sum(json, "compute_output", model.computeOutput());
        sum(json, "cache_hit", model.cacheHit());
        sum(json, "cache_miss", model.cacheMiss());
        json.writeEndObject();
        json.writeArrayFieldStart("batch_stats");
        for (Batch batch : model.batches()) {
            json.writeStartObject();
            json.writeNumberField("batch_size", batch.rows());
            sum(json, "compute_input", batch.computeInput());
            sum(json, "compute_infer", batch.computeInfer());
            sum(json, "compute_output", batch.computeOutput());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void sum(JsonGenerator json, String field, Sum sum) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeNumberField("count", sum.count());
        json.writeNumberField("ns", sum.total().toNanos());
        json.writeEndObject();
    }
}
