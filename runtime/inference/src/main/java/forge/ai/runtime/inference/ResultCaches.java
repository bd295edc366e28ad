package forge.ai.runtime.inference;

import forge.ai.api.model.Caching;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.ModelStatus;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The result caches of the models whose settings ask for one. */
final class ResultCaches {

    private final Map<String, ResultCache> caches = new ConcurrentHashMap<>();

    /** The cache of a model that is held; null if it has none. With other settings it begins anew. */
    @Nullable
    ResultCache of(ModelLease lease) {
        Caching settings = lease.config().cache();
        String model = lease.status().name();
        ResultCache known = caches.get(model);
        if (known != null && known.settings().equals(settings)) {
            return known;
        }
        if (!settings.enabled()) {
            if (known != null) {
                caches.remove(model, known);
            }
            return null;
        }
        return caches.compute(
                model, (m, now) -> now != null && now.settings().equals(settings) ? now : new ResultCache(settings));
    }

    /** Nothing of a version is given again once it has left. */
    void forget(ModelStatus left) {
        caches.computeIfPresent(left.name(), (model, cache) -> {
            cache.forget(left.version());
            return cache.isEmpty() ? null : cache;
        });
    }
}
