package forge.ai.runtime.server.tensorflow;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.inference.InferenceService;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.model.ModelState;
import forge.ai.api.model.ModelStatus;
import forge.ai.api.model.VersionSelector;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.TensorSpec;
import forge.ai.runtime.server.Exchange;
import forge.ai.runtime.server.Services;
import forge.ai.runtime.support.lease.Lease;
import java.io.IOException;
import java.util.List;

/** How versions of a model are, and what a model takes and gives. */
final class StatusCalls {

    private final Services services;

    StatusCalls(Services services) {
        this.services = services;
    }

    void status(Exchange exchange) throws IOException {
        List<ModelStatus> versions;
        try (Lease<ModelRegistry> models = services.models()) {
            versions = versions(models.service(), Asked.of(exchange));
        }
        exchange.json(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("model_version_status");
            for (ModelStatus version : versions) {
                status(json, version);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /** Of a model without a version, all, the highest first. */
    private static List<ModelStatus> versions(ModelRegistry registry, Asked asked) {
        if (!asked.version().equals(VersionSelector.DEFAULT)) {
            return List.of(registry.model(asked.model(), asked.version()));
        }
        return registry.models().stream()
                .filter(status -> status.name().equals(asked.model()))
                .sorted((a, b) -> Long.compare(b.version(), a.version()))
                .toList();
    }

    private static void status(JsonGenerator json, ModelStatus version) throws IOException {
        boolean failed = version.state() == ModelState.FAILED;
        json.writeStartObject();
        json.writeStringField("version", Long.toString(version.version()));
        json.writeStringField(
                "state",
                switch (version.state()) {
                    case UNAVAILABLE -> "START";
                    case LOADING -> "LOADING";
                    case READY -> "AVAILABLE";
                    case UNLOADING -> "UNLOADING";
                    case FAILED -> "END";
                });
        json.writeObjectFieldStart("status");
        json.writeStringField("error_code", failed ? "UNKNOWN" : "OK");
        json.writeStringField("error_message", failed ? version.reason() : "");
        json.writeEndObject();
        json.writeEndObject();
    }

    void metadata(Exchange exchange) throws IOException {
        Asked asked = Asked.of(exchange);
        ModelStatus status;
        try (Lease<ModelRegistry> models = services.models()) {
            status = models.service().model(asked.model(), asked.version());
        }
        ModelSignature signature;
        try (Lease<InferenceService> engine = services.inference(exchange)) {
            signature = engine.service().signature(asked.model(), VersionSelector.of(status.version()));
        }
        exchange.json(200, json -> {
            json.writeStartObject();
            json.writeObjectFieldStart("model_spec");
            json.writeStringField("name", status.name());
            json.writeStringField("signature_name", "");
            json.writeStringField("version", Long.toString(status.version()));
            json.writeEndObject();
            json.writeObjectFieldStart("metadata");
            json.writeObjectFieldStart("signature_def");
            json.writeObjectFieldStart("signature_def");
            json.writeObjectFieldStart(PredictCalls.signatureName(signature));
            tensors(json, "inputs", signature.inputs());
            tensors(json, "outputs", signature.outputs());
            json.writeStringField("method_name", "tensorflow/serving/predict");
            json.writeEndObject();
            json.writeEndObject();
            json.writeEndObject();
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    private static void tensors(JsonGenerator json, String field, List<TensorSpec> specs) throws IOException {
        json.writeObjectFieldStart(field);
        for (TensorSpec spec : specs) {
            json.writeObjectFieldStart(spec.name());
            json.writeStringField("name", spec.name());
            json.writeStringField("dtype", type(spec.type()));
            json.writeObjectFieldStart("tensor_shape");
            json.writeArrayFieldStart("dim");
            for (long size : spec.anyShape() ? new long[0] : spec.shape()) {
                json.writeStartObject();
                json.writeStringField("size", Long.toString(size));
                json.writeStringField("name", "");
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeBooleanField("unknown_rank", spec.anyShape());
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static String type(DataType type) {
        return switch (type) {
            case BOOL -> "DT_BOOL";
            case UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 -> "DT_" + type;
            case FP16 -> "DT_HALF";
            case BF16 -> "DT_BFLOAT16";
            case FP32 -> "DT_FLOAT";
            case FP64 -> "DT_DOUBLE";
            case BYTES -> "DT_STRING";
        };
    }
}
