package forge.ai.runtime.server.tensorflow;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.UnsupportedException;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The outputs of a classifier: scores {@code [rows, classes]} of FP32 or FP64, and the names of the classes from an
 * output of texts of the same shape, or from what the model says of itself ({@code labels}), else their numbers.
 */
final class Classification {

    private final Values scores;
    private final int rows;
    private final int classes;
    private final List<String> names;

    /** @throws UnsupportedException if the model is none */
    Classification(ModelSignature signature, Map<String, Tensor> outputs) {
        String name = outputs.entrySet().stream()
                .filter(o -> table(o.getValue()) && floating(o.getValue()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new UnsupportedException("the model has no output of scores [rows, classes], so it"
                        + " cannot classify; it gives " + signature.outputs()));
        Tensor found = outputs.get(name);
        scores = new Values(name, found);
        rows = (int) found.dimension(0);
        classes = (int) found.dimension(1);
        names = outputs.values().stream()
                .filter(o -> o.type() == DataType.BYTES && table(o) && o.elements() == found.elements())
                .findFirst()
                .map(Tensor::toStrings)
                .or(() -> labels(signature))
                .orElse(List.of());
    }

    private Optional<List<String>> labels(ModelSignature signature) {
        return Optional.ofNullable(signature.metadata().get("labels"))
                .map(text -> List.of(text.split(",")))
                .filter(labels -> labels.size() == classes);
    }

    private static boolean table(Tensor tensor) {
        return tensor.rank() == 2 && tensor.dimension(1) > 1;
    }

    private static boolean floating(Tensor tensor) {
        return tensor.type() == DataType.FP32 || tensor.type() == DataType.FP64;
    }

    private String name(int row, int place) {
        if (names.isEmpty()) {
            return Integer.toString(place);
        }
        return names.get(names.size() == classes ? place : row * classes + place);
    }

    void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("results");
        for (int row = 0; row < rows; row++) {
            json.writeStartArray();
            for (int place = 0; place < classes; place++) {
                json.writeStartArray();
                json.writeString(name(row, place));
                scores.element(json);
                json.writeEndArray();
            }
            json.writeEndArray();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
