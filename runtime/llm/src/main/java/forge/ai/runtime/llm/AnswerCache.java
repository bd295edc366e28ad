package forge.ai.runtime.llm;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Answers that may be given again, bounded by their bytes; those used least recently go first. */
final class AnswerCache {

    /** So many answers at least have room. */
    private static final int ANSWERS = 16;

    private record Entry(CachedAnswer answer, long bytes, long until) {}

    private final Supplier<Settings> settings;
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<CacheKey, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    AnswerCache(Supplier<Settings> settings, LongSupplier nanos) {
        this.settings = settings;
        this.nanos = nanos;
    }

    Optional<CachedAnswer> get(CacheKey key) {
        lock.lock();
        try {
            Entry entry = entries.get(key);
            if (entry != null && over(entry)) {
                remove(key);
                entry = null;
            }
            return Optional.ofNullable(entry).map(Entry::answer);
        } finally {
            lock.unlock();
        }
    }

    /** The most bytes that one answer may have. */
    long most() {
        return settings.get().cacheBytes() / ANSWERS;
    }

    void put(CacheKey key, CachedAnswer answer, Duration time) {
        long size = key.bytes() + answer.bytes();
        if (size > most()) {
            return;
        }
        lock.lock();
        try {
            remove(key);
            entries.put(key, new Entry(answer, size, nanos.getAsLong() + time.toNanos()));
            bytes += size;
            while (bytes > settings.get().cacheBytes()) {
                remove(entries.keySet().iterator().next());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets go of the memory of what is too old, also where nobody asks for it any more. */
    void forgetTheOld() {
        lock.lock();
        try {
            entries.values().removeIf(entry -> {
                boolean over = over(entry);
                bytes -= over ? entry.bytes() : 0;
                return over;
            });
        } finally {
            lock.unlock();
        }
    }

    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    private boolean over(Entry entry) {
        return nanos.getAsLong() - entry.until() >= 0;
    }

    private void remove(CacheKey key) {
        Entry entry = entries.remove(key);
        bytes -= entry == null ? 0 : entry.bytes();
    }
}
