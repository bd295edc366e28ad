package forge.ai.runtime.server.tensorflow;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.UnsupportedException;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import java.io.IOException;
import java.util.Map;

/** The output of a regressor: one number for each row. */
final class Regression {

    private final Values values;
    private final long rows;

    /** @throws UnsupportedException if the model is none */
    Regression(Map<String, Tensor> outputs) {
        Map.Entry<String, Tensor> output = outputs.entrySet().iterator().next();
        Tensor tensor = output.getValue();
        boolean one = outputs.size() == 1 && tensor.type() != DataType.BYTES && tensor.type() != DataType.BOOL;
        if (!one || tensor.rank() == 0 || tensor.elements() != tensor.dimension(0)) {
            throw new UnsupportedException(
                    "the model does not give one number for each row, so it cannot regress; it gives "
                            + outputs.values());
        }
        values = new Values(output.getKey(), tensor);
        rows = tensor.dimension(0);
    }

    void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("results");
        for (long row = 0; row < rows; row++) {
            values.element(json);
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
