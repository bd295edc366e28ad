package forge.ai.runtime.support.monitoring;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Instruments with their attributes bound, by what they are of, each made once. Names may come from clients: once there
 * are so many that they count under overflow anyway, no more are kept.
 */
public final class Series<K, V> {

    private static final int MOST = 1024;

    private final ConcurrentHashMap<K, V> made = new ConcurrentHashMap<>();
    private final Function<K, V> maker;

    public Series(Function<K, V> maker) {
        this.maker = maker;
    }

    public V of(K key) {
        V value = made.get(key);
        if (value != null) {
            return value;
        }
        return made.mappingCount() < MOST ? made.computeIfAbsent(key, maker) : maker.apply(key);
    }
}
