package forge.ai.backend.huggingface;

import ai.djl.huggingface.tokenizers.Encoding;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** The likeliest tokens in the place of a mask, of which each text has one. */
final class FillMask implements Head {

    private final String logits;
    private final int most;
    private final String mask;

    FillMask(HubConfig config, ModelSignature network) {
        logits = Networks.logits(network, "logits", 3).name();
        most = config.number("topK", 5, 1, 1000);
        mask = config.maskToken();
    }

    @Override
    public List<TensorSpec> outputs() {
        return List.of(
                new TensorSpec("token", DataType.BYTES, -1, most),
                new TensorSpec("id", DataType.INT64, -1, most),
                new TensorSpec("score", DataType.FP32, -1, most),
                new TensorSpec("sequence", DataType.BYTES, -1, most));
    }

    @Override
    public Map<String, String> metadata() {
        return Map.of("mask", mask);
    }

    @Override
    public Set<String> needs() {
        return Set.of(logits);
    }

    /** A number for each token of the vocabulary at each place is much. */
    @Override
    public int rows() {
        return 4;
    }

    @Override
    public Reading read(Map<String, Tensor> inputs) {
        return new Filled();
    }

    private final class Filled implements Reading {
        private final List<String> tokens = new ArrayList<>();
        private final List<Long> ids = new ArrayList<>();
        private final List<Float> scores = new ArrayList<>();
        private final List<String> sequences = new ArrayList<>();
        private int texts;

        @Override
        public void add(Map<String, Tensor> computed, EncodedTexts rows) {
            Tensor all = computed.get(logits);
            float[] numbers = all.toFloats();
            int vocabulary = (int) all.dimension(2);
            for (int row = 0; row < rows.rows().size(); row++) {
                Encoding text = rows.rows().get(row);
                int place = place(text, rows.owners().get(row));
                int from = (row * rows.columns() + place) * vocabulary;
                fill(rows, text, place, Arrays.copyOfRange(numbers, from, from + vocabulary));
                texts++;
            }
        }

        private void fill(EncodedTexts rows, Encoding text, int place, float[] numbers) {
            Softmax.apply(numbers, 0, numbers.length);
            int[] best = IntStream.range(0, numbers.length)
                    .boxed()
                    .sorted(Comparator.comparing((Integer i) -> numbers[i]).reversed())
                    .limit(most)
                    .mapToInt(i -> i)
                    .toArray();
            if (best.length < most) {
                throw new InvalidRequestException("config.json: parameters.topK is %d, but there are only %d tokens"
                        .formatted(most, best.length));
            }
            for (int id : best) {
                long[] sequence = text.getIds().clone();
                sequence[place] = id;
                ids.add((long) id);
                scores.add(numbers[id]);
                tokens.add(rows.decode(new long[] {id}));
                sequences.add(rows.decode(sequence));
            }
        }

        @Override
        public Map<String, Tensor> outputs() {
            long[] shape = {texts, most};
            float[] numbers = new float[scores.size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = scores.get(i);
            }
            Map<String, Tensor> outputs = new LinkedHashMap<>();
            outputs.put("token", Tensor.ofStrings(shape, tokens));
            outputs.put(
                    "id", Tensor.ofLongs(shape, ids.stream().mapToLong(i -> i).toArray()));
            outputs.put("score", Tensor.ofFloats(shape, numbers));
            outputs.put("sequence", Tensor.ofStrings(shape, sequences));
            return outputs;
        }
    }

    private int place(Encoding text, int number) {
        String[] tokens = text.getTokens();
        int[] places = IntStream.range(0, tokens.length)
                .filter(i -> tokens[i].equals(mask))
                .toArray();
        if (places.length != 1) {
            throw new InvalidRequestException("text %d has %d masks within the model's window; expected: one %s"
                    .formatted(number, places.length, mask));
        }
        return places[0];
    }
}
