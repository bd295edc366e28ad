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
import java.util.Map;

/** Writes what was computed, as JSON or, where asked for, as bytes behind it. */
final class InferAnswer {

    private final InferBody body;
    private final InferenceResult result;
    private final List<byte[]> tail = new ArrayList<>();

    InferAnswer(InferBody body, InferenceResult result) {
        this.body = body;
        this.result = result;
    }

    void send(Exchange exchange) throws IOException {
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
