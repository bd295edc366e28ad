package forge.ai.provider.local;

import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.model.ModelSignature;
import forge.ai.provider.local.grammar.Constraint;
import forge.ai.provider.local.grammar.Grammar;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A version of a model as this provider serves it: its files, its tokenizer, and the batch of its answers. It counts
 * its users: once retired, the tokenizer is closed with the last one.
 */
final class ServedModel {

    /** So many forms of answers are kept, with what was found out of the tokens that they allow. */
    private static final int GRAMMARS = 16;

    private final HubFiles files;
    private final HubTokenizer tokenizer;
    private final Set<Integer> endTokens;
    private final Function<ModelSignature, ContinuousBatch> newBatch;
    private final ReentrantLock lock = new ReentrantLock();
    /** The one used longest ago comes first. */
    private final LinkedHashMap<AnswerRules, Grammar> grammars = new LinkedHashMap<>(16, 0.75f, true);

    private @Nullable ContinuousBatch batch;
    private int users;
    private boolean retired;

    /** @param newBatch called at the first sequence; throws if the model cannot generate */
    ServedModel(HubFiles files, HubTokenizer tokenizer, Function<ModelSignature, ContinuousBatch> newBatch) {
        this.files = files;
        this.tokenizer = tokenizer;
        // Models made for conversations often end with a token that only their tokenizer says.
        Set<Integer> ends = new HashSet<>(files.endTokens());
        tokenizer.added(files.chat().endToken()).ifPresent(ends::add);
        this.endTokens = Set.copyOf(ends);
        this.newBatch = newBatch;
    }

    HubFiles files() {
        return files;
    }

    HubTokenizer tokenizer() {
        return tokenizer;
    }

    /** The batch of this model, which computes with this signature. */
    ContinuousBatch batch(ModelSignature signature) {
        lock.lock();
        try {
            ContinuousBatch found = batch;
            if (found == null) {
                found = newBatch.apply(signature);
                batch = found;
            }
            return found;
        } finally {
            lock.unlock();
        }
    }

    /** Ends all sequences. */
    void cancelAll() {
        lock.lock();
        try {
            if (batch != null) {
                batch.cancelAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** @param tokens those of the prompt */
    Generation generation(Prompt prompt, int[] tokens, int maxTokens, GenerationOptions options) {
        return new Generation(
                tokens,
                new Generation.Rules(
                        maxTokens, endTokens, options.logprobs(), prompt.rules().map(this::constraint)),
                new Sampler(files.sampling().with(options), tokens),
                new AnswerText(tokenizer.detokenizer(tokens), new StopSequences(options.stop())),
                new AnswerForm(prompt.form(), prompt.text(), new SplittableRandom()),
                tokenizer);
    }

    private Constraint constraint(AnswerRules rules) {
        lock.lock();
        try {
            Grammar grammar = grammars.get(rules);
            if (grammar == null) {
                grammar = rules.compile();
                grammars.put(rules, grammar);
                if (grammars.size() > GRAMMARS) {
                    grammars.remove(grammars.firstEntry().getKey());
                }
            }
            return new Constraint(grammar, tokenizer.trie(), endTokens);
        } finally {
            lock.unlock();
        }
    }

    /** Adds a user; false if it is retired, then another one must be made. */
    boolean enter() {
        lock.lock();
        try {
            if (!retired) {
                users++;
            }
            return !retired;
        } finally {
            lock.unlock();
        }
    }

    void leave() {
        lock.lock();
        try {
            users--;
            closeIfDone();
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more users. */
    void retire() {
        lock.lock();
        try {
            if (!retired) {
                retired = true;
                closeIfDone();
            }
        } finally {
            lock.unlock();
        }
    }

    boolean idle() {
        lock.lock();
        try {
            return users == 0;
        } finally {
            lock.unlock();
        }
    }

    private void closeIfDone() {
        if (retired && users == 0) {
            tokenizer.close();
        }
    }
}
