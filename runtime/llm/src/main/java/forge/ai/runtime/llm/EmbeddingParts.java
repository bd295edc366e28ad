package forge.ai.runtime.llm;

import forge.ai.api.llm.EmbeddingLimits;
import forge.ai.api.llm.Embeddings;
import forge.ai.api.llm.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The parts that one place wants a call for embeddings in, and the answers to them so far. */
final class EmbeddingParts {

    /** Texts from one place, inclusive, to another, exclusive. */
    record Part(int from, int to) {
        @Override
        public String toString() {
            return "input[" + from + (to - from == 1 ? "" : "-" + (to - 1)) + "]";
        }
    }

    private final List<Part> parts;
    private final AtomicReferenceArray<@Nullable Embeddings> answers;

    EmbeddingParts(List<String> inputs, EmbeddingLimits limits) {
        parts = split(inputs, limits);
        answers = new AtomicReferenceArray<>(parts.size());
    }

    private static List<Part> split(List<String> inputs, EmbeddingLimits limits) {
        List<Part> parts = new ArrayList<>();
        int from = 0;
        long tokens = 0;
        for (int i = 0; i < inputs.size(); i++) {
            long more = tokens(inputs.get(i));
            if (i > from && (i - from == limits.inputs() || tokens + more > limits.tokens())) {
                parts.add(new Part(from, i));
                from = i;
                tokens = 0;
            }
            tokens += more;
        }
        parts.add(new Part(from, inputs.size()));
        return parts;
    }

    /** Rather too many than too few: one for each two bytes of UTF-8; usual are three to four. */
    private static long tokens(String text) {
        long bytes =
                text.chars().mapToLong(c -> c < 0x80 ? 1 : c < 0x800 ? 2 : 3).sum();
        return (bytes + 1) / 2;
    }

    Part part(int number) {
        return parts.get(number);
    }

    int size() {
        return parts.size();
    }

    /** The numbers of the parts without an answer. */
    List<Integer> missing() {
        return IntStream.range(0, parts.size())
                .filter(number -> answers.get(number) == null)
                .boxed()
                .toList();
    }

    void answered(int number, Embeddings answer) {
        answers.set(number, answer);
    }

    /** How many texts have their vector. */
    int embedded() {
        return IntStream.range(0, parts.size())
                .filter(number -> answers.get(number) != null)
                .map(number -> parts.get(number).to() - parts.get(number).from())
                .sum();
    }

    /** All answers as one; to be asked for once none is missing. What it took is known if each says it. */
    Embeddings whole() {
        List<Embeddings> all = IntStream.range(0, parts.size())
                .mapToObj(number -> Objects.requireNonNull(answers.get(number)))
                .toList();
        if (all.size() == 1) {
            return all.getFirst();
        }
        List<float[]> vectors = all.stream().flatMap(e -> e.vectors().stream()).toList();
        Optional<Usage> usage = all.stream().allMatch(e -> e.usage().isPresent())
                ? all.stream().map(e -> e.usage().orElseThrow()).reduce(Usage::plus)
                : Optional.empty();
        return new Embeddings(all.getFirst().model(), vectors, usage);
    }
}
