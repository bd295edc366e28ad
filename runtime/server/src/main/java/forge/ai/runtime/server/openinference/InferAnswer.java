package forge.ai.runtime.server.openinference;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.inference.InferenceResult;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.server.Exchange;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.support.openinference.BinaryTensors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes what was computed, as JSON or, where asked for, as bytes behind it. */
final class InferAnswer {

    private static final Pattern NO_TOKEN = Pattern.compile("[^A-Za-z0-9._-]");

    private final InferBody body;
    private final InferenceResult result;
    private final List<byte[]> tail = new ArrayList<>();

    InferAnswer(InferBody body, InferenceResult result) {
        this.body = body;
        this.result = result;
    }

    void send(Exchange exchange) throws IOException {
        if (result.cached()) {
            exchange.header("x-forge-cache", "hit");
        }
        if (!result.steps().isEmpty()) {
            exchange.header("Server-Timing", timings());
        }
        byte[] json = Json.write(this::document);
        if (tail.isEmpty()) {
            exchange.answer(200, "application/json", json);
            return;
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream(
                json.length + tail.stream().mapToInt(b -> b.length).sum());
        all.writeBytes(json);
        tail.forEach(all::writeBytes);
        exchange.header(InferCall.JSON_LENGTH, Integer.toString(json.length));
        exchange.answer(200, "application/octet-stream", all.toByteArray());
    }

    /** Each step with its milliseconds, as W3C Server Timing has it. */
    private String timings() {
        return result.steps().stream()
                .map(step -> String.format(
                        Locale.ROOT,
                        "%s;dur=%.3f",
                        NO_TOKEN.matcher(step.name()).replaceAll("-"),
                        step.took().toNanos() / 1e6))
                .collect(Collectors.joining(", "));
    }

    private void document(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("model_name", result.model());
        json.writeStringField("model_version", Long.toString(result.version()));
        if (!body.id.isEmpty()) {
            json.writeStringField("id", body.id);
        }
        json.writeArrayFieldStart("outputs");
        for (Map.Entry<String, Tensor> output : result.outputs().entrySet()) {
            output(json, output.getKey(), output.getValue());
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void output(JsonGenerator json, String name, Tensor tensor) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", name);
        json.writeStringField("datatype", tensor.type().name());
        json.writeFieldName("shape");
        long[] shape = tensor.shape();
        json.writeArray(shape, 0, shape.length);
        if (body.bytesFor(name)) {
            byte[] bytes = BinaryTensors.write(tensor);
            tail.add(bytes);
            json.writeObjectFieldStart("parameters");
            json.writeNumberField("binary_data_size", bytes.length);
            json.writeEndObject();
        } else {
            json.writeFieldName("data");
            TensorWriter.write(json, name, tensor);
        }
        json.writeEndObject();
    }
}
