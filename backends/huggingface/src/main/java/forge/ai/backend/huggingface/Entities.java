package forge.ai.backend.huggingface;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the named parts of a text from the scores of its tokens. Labels that begin with {@code B-} begin an entity, others
 * go on with one of the same name; what has the label {@code O} is none.
 */
final class Entities {

    private static final String NONE = "O";

    private final List<String> labels;
    private final Aggregation aggregation;

    /**
     * A token, a word or an entity.
     *
     * @param index of the first token in the row
     * @param label of the model
     * @param from where it begins in the text, in code points
     * @param to where it ends there, exclusive
     */
    record Entity(int index, String label, double score, int from, int to) {

        /** The label without what it says of the place in the entity. */
        String group() {
            return placed() ? label.substring(2) : label;
        }

        private boolean placed() {
            return label.startsWith("B-") || label.startsWith("I-");
        }

        private boolean begins() {
            return label.startsWith("B-");
        }
    }

    /** A token that stands for a part of the text. */
    private record Token(int index, long word, float[] scores, CharSpan span) {}

    Entities(List<String> labels, Aggregation aggregation) {
        this.labels = labels;
        this.aggregation = aggregation;
    }

    /** @param scores of the labels, token by token, from {@code from} on */
    List<Entity> find(Encoding text, float[] scores, int from) {
        List<Token> tokens = new ArrayList<>();
        for (int i = 0; i < text.getIds().length; i++) {
            if (text.getSpecialTokenMask()[i] == 0) {
                int start = from + i * labels.size();
                float[] own = Arrays.copyOfRange(scores, start, start + labels.size());
                tokens.add(new Token(i, text.getWordIds()[i], own, text.getCharTokenSpans()[i]));
            }
        }
        List<Entity> parts = aggregation.words()
                ? words(tokens)
                : tokens.stream().map(t -> entity(List.of(t), t.scores())).toList();
        List<Entity> all = aggregation == Aggregation.NONE ? parts : groups(parts);
        return all.stream().filter(e -> !e.group().equals(NONE)).toList();
    }

    private Entity entity(List<Token> tokens, float[] scores) {
        int highest = Softmax.highest(scores, 0, scores.length);
        return new Entity(
                tokens.getFirst().index(),
                labels.get(highest),
                scores[highest],
                tokens.getFirst().span().getStart(),
                tokens.getLast().span().getEnd());
    }

    private List<Entity> words(List<Token> tokens) {
        List<Entity> words = new ArrayList<>();
        int begin = 0;
        for (int i = 1; i <= tokens.size(); i++) {
            if (i == tokens.size() || tokens.get(i).word() != tokens.get(begin).word()) {
                List<Token> word = tokens.subList(begin, i);
                words.add(entity(word, scores(word)));
                begin = i;
            }
        }
        return words;
    }

    private float[] scores(List<Token> word) {
        return switch (aggregation) {
            case AVERAGE -> average(word);
            case MAX -> highest(word);
            case FIRST, NONE, SIMPLE -> word.getFirst().scores();
        };
    }

    private static float[] average(List<Token> word) {
        float[] sum = new float[word.getFirst().scores().length];
        for (int i = 0; i < sum.length; i++) {
            double all = 0;
            for (Token token : word) {
                all += token.scores()[i];
            }
            sum[i] = (float) (all / word.size());
        }
        return sum;
    }

    private static float[] highest(List<Token> word) {
        float[] best = word.getFirst().scores();
        for (Token token : word) {
            float[] own = token.scores();
            if (own[Softmax.highest(own, 0, own.length)] > best[Softmax.highest(best, 0, best.length)]) {
                best = own;
            }
        }
        return best;
    }

    private static List<Entity> groups(List<Entity> parts) {
        List<Entity> groups = new ArrayList<>();
        int begin = 0;
        for (int i = 1; i <= parts.size(); i++) {
            boolean goesOn = i < parts.size()
                    && parts.get(i).group().equals(parts.get(i - 1).group())
                    && !parts.get(i).begins();
            if (!goesOn) {
                groups.add(group(parts.subList(begin, i)));
                begin = i;
            }
        }
        return groups;
    }

    private static Entity group(List<Entity> parts) {
        Entity first = parts.getFirst();
        double score = parts.stream().mapToDouble(Entity::score).average().orElse(0);
        return new Entity(
                first.index(),
                first.group(),
                score,
                first.from(),
                parts.getLast().to());
    }
}
