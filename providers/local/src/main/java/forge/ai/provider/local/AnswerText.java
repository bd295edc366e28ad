package forge.ai.provider.local;

import forge.ai.api.llm.CompletionEvent.TextDelta;
import forge.ai.api.llm.TokenLogprob;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/** The text of one answer as it grows by tokens, cut at stop texts, each piece with the log probabilities of its tokens. */
final class AnswerText {

    /** A log probability that is not given out yet, and where the text of its token begins. */
    private record Pending(long begin, TokenLogprob logprob) {}

    private final Detokenizer detokenizer;
    private final StopSequences stops;
    private final Queue<Pending> pending = new ArrayDeque<>();
    private long decoded;
    private long given;

    AnswerText(Detokenizer detokenizer, StopSequences stops) {
        this.detokenizer = detokenizer;
        this.stops = stops;
    }

    /** The piece that is certain with this token, if there is one. */
    Optional<TextDelta> add(int token, Optional<TokenLogprob> logprob) {
        logprob.ifPresent(value -> pending.add(new Pending(decoded, value)));
        return delta(decoded(detokenizer.add(token)));
    }

    /** The last piece; not to be asked for once {@link #stop()} is there, for then the text has ended before. */
    Optional<TextDelta> finish() {
        String rest = decoded(detokenizer.finish());
        return delta(stop().isEmpty() ? rest + stops.finish() : rest);
    }

    /** The stop text that ended the answer, or empty. */
    String stop() {
        return stops.found();
    }

    private String decoded(String piece) {
        decoded += piece.length();
        return stops.add(piece);
    }

    private Optional<TextDelta> delta(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        given += text.length();
        List<TokenLogprob> logprobs = new ArrayList<>();
        while (!pending.isEmpty() && pending.element().begin() < given) {
            logprobs.add(pending.remove().logprob());
        }
        return Optional.of(new TextDelta(text, logprobs));
    }
}
