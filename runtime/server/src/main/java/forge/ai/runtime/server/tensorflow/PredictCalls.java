package forge.ai.runtime.server.tensorflow;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceService;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.server.Exchange;
import forge.ai.runtime.server.Fields;
import forge.ai.runtime.server.Handler;
import forge.ai.runtime.server.JsonBodies;
import forge.ai.runtime.server.Services;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.support.lease.Lease;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code :predict}, {@code :classify} and {@code :regress}. */
final class PredictCalls implements Handler {

    private static final String DEFAULT_SIGNATURE = "serving_default";
    private static final String ROWS = "instances";
    private static final String COLUMNS = "inputs";

    private final Services services;

    PredictCalls(Services services) {
        this.services = services;
    }

    /** What the one signature is called that a model has here. */
    static String signatureName(ModelSignature signature) {
        return signature.metadata().getOrDefault("signature", DEFAULT_SIGNATURE);
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        Asked asked = Asked.toPredict(exchange);
        Fields body = Fields.of(JsonBodies.objectOfAllNumbers(exchange.body()));
        boolean predict = asked.verb().equals("predict");
        if (predict && body.has(ROWS) == body.has(COLUMNS)) {
            throw new InvalidRequestException("the body needs either \"instances\" or \"inputs\"");
        }
        try (Lease<InferenceService> engine = services.inference(exchange)) {
            ModelSignature signature = engine.service().signature(asked.model(), asked.version());
            checkSignature(body, signature);
            Columns columns = new Columns(signature);
            Map<String, Tensor> inputs = !predict
                    ? columns.ofExamples(body)
                    : body.has(ROWS)
                            ? columns.ofRows(body.node().get(ROWS))
                            : columns.ofColumns(body.node().get(COLUMNS));
            Map<String, Tensor> outputs = engine.service()
                    .infer(InferenceRequest.of(asked.model(), inputs)
                            .withVersion(asked.version())
                            .withSpan(exchange.span()))
                    .outputs();
            Json.Document answer = switch (asked.verb()) {
                case "classify" -> new Classification(signature, outputs)::write;
                case "regress" -> new Regression(outputs)::write;
                default -> body.has(ROWS) ? rows(outputs) : columns(outputs);
            };
            exchange.json(200, answer);
        }
    }

    private static void checkSignature(Fields body, ModelSignature signature) {
        String name = body.text("signature_name").orElse("");
        if (!name.isEmpty() && !name.equals(DEFAULT_SIGNATURE) && !name.equals(signatureName(signature))) {
            throw body.wrong("signature_name", signatureName(signature) + ", the only one that the model has");
        }
    }

    private static Json.Document columns(Map<String, Tensor> outputs) {
        return json -> {
            json.writeStartObject();
            json.writeFieldName("outputs");
            if (outputs.size() > 1) {
                json.writeStartObject();
            }
            for (Map.Entry<String, Tensor> output : outputs.entrySet()) {
                if (outputs.size() > 1) {
                    json.writeFieldName(output.getKey());
                }
                new Values(output.getKey(), output.getValue()).whole(json);
            }
            if (outputs.size() > 1) {
                json.writeEndObject();
            }
            json.writeEndObject();
        };
    }

    private static Json.Document rows(Map<String, Tensor> outputs) {
        Map<String, Values> values = new LinkedHashMap<>();
        outputs.forEach((name, tensor) -> values.put(name, new Values(name, tensor)));
        long rows = values.values().iterator().next().rows();
        if (values.values().stream().anyMatch(v -> v.rows() != rows)) {
            throw new InvalidRequestException(
                    "the outputs differ in their number of rows; ask by columns (\"inputs\" in"
                            + " the place of \"instances\")");
        }
        return json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("predictions");
            for (long row = 0; row < rows; row++) {
                row(json, values);
            }
            json.writeEndArray();
            json.writeEndObject();
        };
    }

    private static void row(JsonGenerator json, Map<String, Values> values) throws IOException {
        if (values.size() == 1) {
            values.values().iterator().next().row(json);
            return;
        }
        json.writeStartObject();
        for (Map.Entry<String, Values> output : values.entrySet()) {
            json.writeFieldName(output.getKey());
            output.getValue().row(json);
        }
        json.writeEndObject();
    }
}
