package forge.ai.runtime.monitoring;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;

/** Sets of attributes. */
final class Sets {

    private Sets() {}

    /** Those there are and more; names and values in turn, empty values left out. */
    static Attributes with(Attributes those, String... more) {
        if (more.length % 2 != 0) {
            throw new IllegalArgumentException("a name without a value: " + more[more.length - 1]);
        }
        AttributesBuilder all = those.toBuilder();
        for (int i = 0; i < more.length; i += 2) {
            if (!more[i + 1].isEmpty()) {
                all.put(more[i], more[i + 1]);
            }
        }
        return all.build();
    }
}
