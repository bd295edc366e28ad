package forge.ai.runtime.vectors;

import forge.ai.api.Cancellation;
import forge.ai.api.CancelledException;
import forge.ai.api.ForgeException;
import forge.ai.api.InternalException;
import forge.ai.api.UnavailableException;
import forge.ai.runtime.support.lease.CallGate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.lucene.store.AlreadyClosedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leads calls to the store: lets them in until it is closed, and turns what goes wrong into errors of the API. */
final class VectorCalls {

    private static final Logger LOG = LoggerFactory.getLogger(VectorCalls.class);

    /** How long calls in flight have at the end; those who lease the service have waited before. */
    private static final Duration DRAIN = Duration.ofSeconds(10);

    /** Each holds all its vectors in memory and keeps a core busy. */
    private static final int CLUSTERINGS = 2;

    /** Does something. */
    @FunctionalInterface
    private interface Work<T> {
        T run() throws IOException;
    }

    /** Reads what is in the store, or in a collection. */
    @FunctionalInterface
    interface Reading<S, T> {
        T from(S source) throws IOException;
    }

    /** Changes the store, or a collection, unless cancelled before. */
    @FunctionalInterface
    interface Change<S, T> {
        T of(S source, Cancellation cancellation) throws IOException;
    }

    private final Path root;
    private final Supplier<Settings> settings;
    private final CallGate gate = new CallGate();
    private final Changes changes = new Changes();
    private final Semaphore clusterings = new Semaphore(CLUSTERINGS);
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable CollectionStore store;

    VectorCalls(Path root, Supplier<Settings> settings) {
        this.root = root;
        this.settings = settings;
    }

    private CollectionStore store() throws IOException {
        CollectionStore there = store;
        if (there != null) {
            return there;
        }
        lock.lock();
        try {
            there = store;
            if (there == null) {
                there = new CollectionStore(root, settings);
                store = there;
            }
            return there;
        } finally {
            lock.unlock();
        }
    }

    <T> T read(Reading<CollectionStore, T> reading) {
        return call(() -> reading.from(store()));
    }

    <T> T readIn(String collection, Reading<StoredCollection, T> reading) {
        return call(() -> in(collection, reading));
    }

    private <T> T in(String collection, Reading<StoredCollection, T> reading) throws IOException {
        StoredCollection found = store().get(collection);
        try {
            return reading.from(found);
        } catch (IOException | AlreadyClosedException e) {
            if (store().holds(found)) {
                throw e;
            }
            throw CollectionStore.none(collection);
        }
    }

    <T> T change(Change<CollectionStore, T> change) {
        return call(() -> changes.make(cancellation -> change.of(store(), cancellation)));
    }

    <T> T changeIn(String collection, Change<StoredCollection, T> change) {
        return call(() -> changes.make(cancellation -> in(collection, one -> change.of(one, cancellation))));
    }

    <T> T cluster(Supplier<T> work) {
        return call(() -> {
            try {
                clusterings.acquire();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancelledException("interrupted while waiting for its turn");
            }
            try {
                return work.get();
            } finally {
                clusterings.release();
            }
        });
    }

    private <T> T call(Work<T> work) {
        if (!gate.enter()) {
            throw new UnavailableException("the vector service is being stopped");
        }
        try {
            return work.run();
        } catch (ForgeException e) {
            throw e;
        } catch (IOException | UncheckedIOException | AlreadyClosedException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancelledException("interrupted while files were read");
            }
            LOG.error("the vectors in {} cannot be read or written", root, e);
            throw new InternalException("vectors cannot be read or written; see the log");
        } finally {
            gate.leave();
        }
    }

    /** Waits, bounded, for the calls in flight; then lets go of all files. */
    void close() {
        gate.close();
        if (!gate.awaitIdle(DRAIN)) {
            LOG.warn("calls are still in flight");
        }
        changes.close();
        CollectionStore there = store;
        if (there != null) {
            try {
                there.close();
            } catch (IOException e) {
                LOG.error("the vectors in {} cannot be closed; what was acknowledged is on disk", root, e);
            }
        }
    }
}
