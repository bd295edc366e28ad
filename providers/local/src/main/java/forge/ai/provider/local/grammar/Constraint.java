package forge.ai.provider.local.grammar;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps one answer to a grammar. */
public final class Constraint {

    private final Grammar grammar;
    private final TokenTrie tokens;
    private final Set<Integer> ends;
    private Grammar.@Nullable State state;

    /**
     * @param grammar used only from {@link #restrict} on, in the thread of all who share it
     * @param ends the tokens that end an answer
     */
    public Constraint(Grammar grammar, TokenTrie tokens, Set<Integer> ends) {
        this.grammar = grammar;
        this.tokens = tokens;
        this.ends = ends;
    }

    private Grammar.State state() {
        Grammar.State now = state == null ? grammar.start() : state;
        state = now;
        return now;
    }

    /**
     * Takes all chances from tokens that cannot come next.
     *
     * @return whether there is a token that can
     */
    public boolean restrict(float[] logits) {
        Grammar.State now = state();
        long[] mask = now.mask(tokens);
        boolean some = false;
        for (int i = 0; i < logits.length; i++) {
            boolean allowed =
                    ends.contains(i) ? now.accepting() : i >> 6 < mask.length && (mask[i >> 6] & 1L << i) != 0;
            if (allowed) {
                some = true;
            } else {
                logits[i] = Float.NEGATIVE_INFINITY;
            }
        }
        return some;
    }

    /** Takes the bytes of the token that came. */
    public void accept(byte[] bytes) {
        Grammar.State now = state();
        for (byte value : bytes) {
            now = now.next(value & 0xFF);
        }
        state = now;
    }

    /** Whether the answer is whole and nothing more can come. */
    public boolean complete() {
        return state().complete();
    }
}
