package forge.ai.runtime.vectors;

import forge.ai.api.Cancellation;
import forge.ai.api.ForgeException;
import forge.ai.api.UnavailableException;
import forge.ai.api.vector.CollectionSpec;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.Lock;
import org.apache.lucene.store.LockObtainFailedException;
import org.jspecify.annotations.Nullable;

/**
 * Changes a collection, one change after the other. Each ends with a commit, which syncs the files and then puts a new
 * list of them in place of the old one, so that a change is there as a whole or not at all whenever the process dies.
 * Lucene's writer is opened at the first change and kept; while it is open, nobody else can change the collection.
 *
 * <p>Not for threads that may be interrupted: an interrupt closes the file that is just written, and with it the writer.
 */
final class CollectionWriter {

    /** Makes a change. */
    @FunctionalInterface
    interface Change<T> {
        /** @throws ForgeException before anything is changed */
        T make(IndexWriter writer) throws IOException;
    }

    /** Gets something that only one can have at a time. */
    @FunctionalInterface
    private interface Exclusive<T> {
        T obtain() throws IOException;
    }

    private static final long LOOK_MILLIS = 10;
    private static final double BUFFER_MIB = 32;

    private final Directory directory;
    private final SearcherManager searchers;
    private final CollectionSpec spec;
    private final Supplier<Settings> settings;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable IndexWriter writer;
    private volatile boolean closed;

    CollectionWriter(Directory directory, SearcherManager searchers, CollectionSpec spec, Supplier<Settings> settings) {
        this.directory = directory;
        this.searchers = searchers;
        this.spec = spec;
        this.settings = settings;
    }

    static IndexWriterConfig config(CollectionSpec spec, Settings settings) {
        ConcurrentMergeScheduler merges = new ConcurrentMergeScheduler();
        merges.setMaxMergesAndThreads(2, 1);
        return new IndexWriterConfig(null)
                .setOpenMode(IndexWriterConfig.OpenMode.CREATE_OR_APPEND)
                .setCommitOnClose(false)
                .setRAMBufferSizeMB(BUFFER_MIB)
                .setMergeScheduler(merges)
                .setCodec(new HnswCodec(settings.graph(), spec.dimensions()));
    }

    /** Whether nobody else can change the collection now, and what others did before is seen. */
    boolean exclusive() {
        return writer != null;
    }

    /** Makes a change; when this returns, it is on disk and seen by readers. */
    <T> T change(Change<T> change, Cancellation cancellation) throws IOException {
        lock.lock();
        try {
            cancellation.check();
            IndexWriter open = open(cancellation);
            T result = change.make(open);
            open.commit();
            searchers.maybeRefreshBlocking();
            return result;
        } catch (ForgeException e) {
            // Refused before anything was changed.
            throw e;
        } catch (Throwable e) {
            discard();
            throw e;
        } finally {
            lock.unlock();
        }
    }

    private IndexWriter open(Cancellation cancellation) throws IOException {
        if (writer != null && !writer.isOpen()) {
            // It has closed itself, as after a merge for which there was no room.
            discard();
        }
        IndexWriter open = writer;
        if (open == null) {
            open = exclusively(() -> new IndexWriter(directory, config(spec, settings.get())), cancellation);
            searchers.maybeRefreshBlocking();
            writer = open;
        }
        return open;
    }

    /** While this bundle is replaced, its predecessor holds the lock until its last call is through. */
    private <T> T exclusively(Exclusive<T> exclusive, Cancellation cancellation) throws IOException {
        long until = System.nanoTime() + settings.get().lockWait().toNanos();
        while (true) {
            if (closed) {
                throw new UnavailableException("the vector service is being stopped");
            }
            try {
                return exclusive.obtain();
            } catch (LockObtainFailedException e) {
                if (System.nanoTime() > until) {
                    throw new UnavailableException("collection '" + spec.name()
                            + "' is being changed by another instance; is a second runtime on the same home folder?");
                }
            }
            cancellation.check();
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UnavailableException("the vector service is being stopped");
            }
        }
    }

    private void discard() throws IOException {
        IndexWriter open = writer;
        writer = null;
        if (open != null) {
            // Ends merges under way instead of waiting for them; all that counts is committed.
            open.rollback();
        }
    }

    /** Does something while nobody can change the collection, after which it is not changed any more. */
    void last(Runnable work, Cancellation cancellation) throws IOException {
        lock.lock();
        try {
            cancellation.check();
            discard();
            try (Lock held = exclusively(() -> directory.obtainLock(IndexWriter.WRITE_LOCK_NAME), cancellation)) {
                held.ensureValid();
                work.run();
                closed = true;
            }
        } finally {
            lock.unlock();
        }
    }

    void close() throws IOException {
        closed = true;
        lock.lock();
        try {
            discard();
        } finally {
            lock.unlock();
        }
    }
}
