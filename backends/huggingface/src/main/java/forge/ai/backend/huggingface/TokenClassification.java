package forge.ai.backend.huggingface;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import forge.ai.api.UnsupportedException;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The named parts of each text, such as persons and places, as a JSON array of objects. */
final class TokenClassification implements Head {

    private static final String NAME = "entities";

    private final String logits;
    private final List<String> labels;
    private final Aggregation aggregation;

    TokenClassification(HubConfig config, ModelSignature network) {
        TensorSpec output = Networks.logits(network, "logits", 3);
        if (output.shape()[2] < 1) {
            throw new UnsupportedException("the network gives " + output + "; expected: logits FP32[-1, -1, labels]");
        }
        logits = output.name();
        labels = config.labels((int) output.shape()[2]);
        aggregation = config.aggregation();
    }

    @Override
    public List<TensorSpec> outputs() {
        return List.of(new TensorSpec(NAME, DataType.BYTES, -1));
    }

    @Override
    public Map<String, String> metadata() {
        return Map.of("labels", String.join(",", labels), "aggregation", aggregation.key());
    }

    @Override
    public Set<String> needs() {
        return Set.of(logits);
    }

    @Override
    public Reading read(Map<String, Tensor> inputs) {
        List<String> texts = inputs.get(TEXT).toStrings();
        List<String> found = new ArrayList<>();
        Entities entities = new Entities(labels, aggregation);
        return new Reading() {
            @Override
            public void add(Map<String, Tensor> computed, EncodedTexts rows) {
                float[] numbers = computed.get(logits).toFloats();
                for (int from = 0; from < numbers.length; from += labels.size()) {
                    Softmax.apply(numbers, from, labels.size());
                }
                for (int row = 0; row < rows.rows().size(); row++) {
                    int from = row * rows.columns() * labels.size();
                    found.add(json(
                            texts.get(found.size()), entities.find(rows.rows().get(row), numbers, from)));
                }
            }

            @Override
            public Map<String, Tensor> outputs() {
                return Map.of(NAME, Tensor.ofStrings(new long[] {found.size()}, found));
            }
        };
    }

    private String json(String text, List<Entities.Entity> entities) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (Entities.Entity entity : entities) {
            ObjectNode node = list.addObject();
            if (aggregation == Aggregation.NONE) {
                node.put("entity", entity.label());
                node.put("index", entity.index());
            } else {
                node.put("entity_group", entity.label());
            }
            node.put("score", (float) entity.score());
            node.put("word", CodePoints.part(text, entity.from(), entity.to()));
            node.put("start", entity.from());
            node.put("end", entity.to());
        }
        return list.toString();
    }
}
