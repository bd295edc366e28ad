package forge.ai.provider.local;

import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.model.ModelSignature;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A version of a model as this provider serves it: its files, its tokenizer, and the batch of its answers. It counts
 * its users: once retired, the tokenizer is closed with the last one.
 */
final class ServedModel {

    private final HubFiles files;
    private final HubTokenizer tokenizer;
    private final Function<ModelSignature, ContinuousBatch> newBatch;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable ContinuousBatch batch;
    private int users;
    private boolean retired;

    /** @param newBatch called at the first sequence; throws if the model cannot generate */
    ServedModel(HubFiles files, HubTokenizer tokenizer, Function<ModelSignature, ContinuousBatch> newBatch) {
        this.files = files;
        this.tokenizer = tokenizer;
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
                new Generation.Rules(maxTokens, files.endTokens(), options.logprobs()),
                new Sampler(files.sampling().with(options), tokens),
                new AnswerText(tokenizer.detokenizer(tokens), new StopSequences(options.stop())),
                new AnswerForm(prompt.form(), prompt.text(), new SplittableRandom()),
                tokenizer::text);
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
