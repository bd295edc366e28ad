package forge.ai.provider.local;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import forge.ai.provider.local.grammar.TokenTrie;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The tokenizer of one model; holds native memory until closed. */
final class HubTokenizer implements Generation.Tokens, AutoCloseable {

    /** So many tokens of the prompt show how the first token that follows is written. */
    private static final int CONTEXT = 5;

    private final HuggingFaceTokenizer tokenizer;
    private final Optional<TokenBytes> vocabulary;
    private final Map<String, Integer> added = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable TokenTrie trie;

    HubTokenizer(Path file) {
        JsonNode json = HubFiles.json(file);
        vocabulary = TokenBytes.of(json);
        json.path("added_tokens")
                .forEach(token -> added.put(
                        token.path("content").asText(), token.path("id").intValue()));
        Map<String, String> plain = Map.of("truncation", "do_not_truncate", "padding", "do_not_pad");
        try {
            tokenizer = HuggingFaceTokenizer.newInstance(file, plain);
        } catch (IOException | RuntimeException e) {
            throw new InvalidRequestException("cannot read " + file + " as a tokenizer");
        }
    }

    /**
     * The tokens of a text.
     *
     * @param wrapped with those that the model wants around it
     */
    int[] encode(String text, boolean wrapped) {
        return Arrays.stream(tokenizer.encode(text, wrapped, false).getIds())
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    Detokenizer detokenizer(int[] prompt) {
        if (vocabulary.isPresent() && vocabulary.get().isByteLevel()) {
            return new ByteLevelDetokenizer(vocabulary.get());
        }
        List<Integer> context = Arrays.stream(prompt, Math.max(0, prompt.length - CONTEXT), prompt.length)
                .boxed()
                .toList();
        return new WindowDetokenizer(ids -> tokenizer.decode(ids, true), context);
    }

    /** A token that was added to the vocabulary, by its text. */
    OptionalInt added(String text) {
        Integer token = added.get(text);
        return token == null ? OptionalInt.empty() : OptionalInt.of(token);
    }

    /** The bytes of a token; none for special ones. Not to be changed. */
    @Override
    public byte[] bytes(int token) {
        return vocabulary.orElseThrow().bytes(token);
    }

    /**
     * The tokens by their bytes, found out when first asked for.
     *
     * @throws UnsupportedException if they have none that are their own
     */
    TokenTrie trie() {
        TokenBytes bytes = vocabulary.orElseThrow(() -> new UnsupportedException(
                "answers cannot be kept to a form, because the tokens of the model do not stand for bytes"));
        lock.lock();
        try {
            TokenTrie found = trie == null ? new TokenTrie(bytes.all()) : trie;
            trie = found;
            return found;
        } finally {
            lock.unlock();
        }
    }

    /** One token as text, for people: a part of a character shows as U+FFFD. */
    @Override
    public String text(int token) {
        return vocabulary
                .map(v -> new String(v.bytes(token), StandardCharsets.UTF_8))
                .orElseGet(() -> tokenizer.decode(new long[] {token}, false));
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
