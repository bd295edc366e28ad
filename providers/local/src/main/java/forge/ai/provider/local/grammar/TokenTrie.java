package forge.ai.provider.local.grammar;

import java.util.Arrays;
import java.util.Map;

/** The tokens of a vocabulary by their bytes: what tokens have in common is looked at once. */
public final class TokenTrie {

    private final int vocabulary;
    private byte[] value = new byte[1024];
    private int[] child = new int[1024];
    private int[] sibling = new int[1024];
    /** The first token that ends here, or -1; the others follow by {@link #same}. */
    private int[] token = new int[1024];

    private final int[] same;
    private int size = 1;

    /** @param tokens the bytes of each token; those without bytes are never allowed */
    public TokenTrie(Map<Integer, byte[]> tokens) {
        vocabulary = tokens.keySet().stream().mapToInt(id -> id + 1).max().orElse(0);
        same = new int[vocabulary];
        Arrays.fill(same, -1);
        token[0] = -1;
        tokens.forEach((id, bytes) -> {
            if (bytes.length > 0) {
                add(id, bytes);
            }
        });
    }

    private void add(int id, byte[] bytes) {
        int node = 0;
        for (byte next : bytes) {
            int found = child[node];
            while (found != 0 && value[found] != next) {
                found = sibling[found];
            }
            node = found != 0 ? found : grow(node, next);
        }
        same[id] = token[node];
        token[node] = id;
    }

    private int grow(int parent, byte next) {
        if (size == value.length) {
            value = Arrays.copyOf(value, size * 2);
            child = Arrays.copyOf(child, size * 2);
            sibling = Arrays.copyOf(sibling, size * 2);
            token = Arrays.copyOf(token, size * 2);
        }
        value[size] = next;
        token[size] = -1;
        sibling[size] = child[parent];
        child[parent] = size;
        return size++;
    }

    /** A bit for each token that a state allows. */
    long[] allowed(Grammar.State state) {
        long[] mask = new long[(vocabulary + 63) / 64];
        visit(0, state, mask);
        return mask;
    }

    private void visit(int parent, Grammar.State state, long[] mask) {
        for (int node = child[parent]; node != 0; node = sibling[node]) {
            Grammar.State next = state.next(value[node] & 0xFF);
            if (next.dead()) {
                continue;
            }
            for (int id = token[node]; id >= 0; id = same[id]) {
                mask[id >> 6] |= 1L << id;
            }
            if (child[node] != 0) {
                visit(node, next, mask);
            }
        }
    }
}
