package forge.ai.backend.huggingface;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The part of a context that answers a question. A context beyond the model's window is read in windows that overlap, and
 * the best answer of any counts. An answer is made of whole words.
 */
final class QuestionAnswering implements Head {

    private static final String QUESTION = "question";
    private static final String CONTEXT = "context";

    private final String starts;
    private final String ends;
    private final int longest;

    /**
     * The best answer of a question so far.
     *
     * @param from where it begins in the context, in code points
     * @param to where it ends there, exclusive
     */
    private record Answer(float score, int from, int to) {}

    QuestionAnswering(HubConfig config, ModelSignature network) {
        starts = Networks.logits(network, "start_logits", 2).name();
        ends = network.output("end_logits")
                .map(TensorSpec::name)
                .orElseGet(() -> network.outputs().getLast().name());
        longest = config.number("maxAnswerTokens", 15, 1, 10_000);
    }

    @Override
    public List<TensorSpec> inputs() {
        return List.of(new TensorSpec(QUESTION, DataType.BYTES, -1), new TensorSpec(CONTEXT, DataType.BYTES, -1));
    }

    @Override
    public List<TensorSpec> outputs() {
        return List.of(
                new TensorSpec("answer", DataType.BYTES, -1),
                new TensorSpec("score", DataType.FP32, -1),
                new TensorSpec("start", DataType.INT64, -1),
                new TensorSpec("end", DataType.INT64, -1));
    }

    @Override
    public Map<String, String> metadata() {
        return Map.of("maxAnswerTokens", Integer.toString(longest));
    }

    @Override
    public Set<String> needs() {
        return Set.of(starts, ends);
    }

    @Override
    public Truncation truncation() {
        return Truncation.WINDOWS;
    }

    @Override
    public Map<String, Tensor> adapt(Map<String, Tensor> inputs) {
        return Columns.flat(Columns.flat(inputs, QUESTION), CONTEXT);
    }

    @Override
    public List<TextRow> rows(Map<String, Tensor> inputs) {
        List<String> questions = inputs.get(QUESTION).toStrings();
        List<String> contexts = inputs.get(CONTEXT).toStrings();
        List<TextRow> rows = new ArrayList<>();
        for (int i = 0; i < questions.size(); i++) {
            if (questions.get(i).isBlank() || contexts.get(i).isBlank()) {
                throw new InvalidRequestException(
                        "question and context %d: one of them is empty; expected: text in both".formatted(i));
            }
            rows.add(new TextRow(questions.get(i), contexts.get(i), i));
        }
        return rows;
    }

    @Override
    public Reading read(Map<String, Tensor> inputs) {
        return new Answered(inputs.get(CONTEXT).toStrings());
    }

    private final class Answered implements Reading {
        private final List<String> contexts;
        private final @Nullable Answer[] answers;

        Answered(List<String> contexts) {
            this.contexts = contexts;
            this.answers = new Answer[contexts.size()];
        }

        @Override
        public void add(Map<String, Tensor> computed, EncodedTexts rows) {
            float[] first = computed.get(starts).toFloats();
            float[] last = computed.get(ends).toFloats();
            for (int row = 0; row < rows.rows().size(); row++) {
                Window window = new Window(rows.rows().get(row), first, last, row * rows.columns());
                int owner = rows.owners().get(row);
                Answer best = window.best(longest);
                Answer known = answers[owner];
                if (best != null && (known == null || best.score() > known.score())) {
                    answers[owner] = best;
                }
            }
        }

        @Override
        public Map<String, Tensor> outputs() {
            int count = contexts.size();
            List<String> texts = new ArrayList<>(count);
            float[] scores = new float[count];
            long[] from = new long[count];
            long[] to = new long[count];
            for (int i = 0; i < count; i++) {
                Answer answer = answers[i] == null ? new Answer(0, 0, 0) : answers[i];
                texts.add(CodePoints.part(contexts.get(i), answer.from(), answer.to()));
                scores[i] = answer.score();
                from[i] = answer.from();
                to[i] = answer.to();
            }
            long[] shape = {count};
            Map<String, Tensor> outputs = new LinkedHashMap<>();
            outputs.put("answer", Tensor.ofStrings(shape, texts));
            outputs.put("score", Tensor.ofFloats(shape, scores));
            outputs.put("start", Tensor.ofLongs(shape, from));
            outputs.put("end", Tensor.ofLongs(shape, to));
            return outputs;
        }
    }

    /** One row of the network: the probabilities that an answer begins and ends at a token. */
    private static final class Window {
        private final Encoding text;
        private final boolean[] ofContext;
        private final float[] begins;
        private final float[] ends;

        Window(Encoding text, float[] starts, float[] ends, int from) {
            this.text = text;
            int length = text.getIds().length;
            ofContext = new boolean[length];
            for (int i = 0; i < length; i++) {
                ofContext[i] = text.getSequenceIds()[i] == 1 && text.getSpecialTokenMask()[i] == 0;
            }
            this.begins = probabilities(starts, from);
            this.ends = probabilities(ends, from);
        }

        /** Over the context and the first token, which stands for no answer. */
        private float[] probabilities(float[] numbers, int from) {
            float[] own = new float[ofContext.length];
            for (int i = 0; i < own.length; i++) {
                own[i] = ofContext[i] || i == 0 ? numbers[from + i] : Float.NEGATIVE_INFINITY;
            }
            Softmax.apply(own, 0, own.length);
            return own;
        }

        @Nullable
        Answer best(int longest) {
            int first = -1;
            int last = -1;
            float score = -1;
            for (int i = 0; i < ofContext.length; i++) {
                for (int j = i; ofContext[i] && j < Math.min(ofContext.length, i + longest); j++) {
                    if (ofContext[j] && begins[i] * ends[j] > score) {
                        score = begins[i] * ends[j];
                        first = i;
                        last = j;
                    }
                }
            }
            return first < 0
                    ? null
                    : new Answer(
                            score, span(first, -1).getStart(), span(last, 1).getEnd());
        }

        /** The span of the outermost token of the word that a token belongs to, in one direction. */
        private CharSpan span(int token, int step) {
            long word = text.getWordIds()[token];
            int outer = token;
            while (outer + step < ofContext.length
                    && outer + step >= 0
                    && ofContext[outer + step]
                    && word >= 0
                    && text.getWordIds()[outer + step] == word) {
                outer += step;
            }
            return text.getCharTokenSpans()[outer];
        }
    }
}
