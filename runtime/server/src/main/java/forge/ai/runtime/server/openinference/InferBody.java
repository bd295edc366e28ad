package forge.ai.runtime.server.openinference;

import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.support.openinference.Keeping;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the body of an inference request says. */
final class InferBody {

    String id = "";
    final Map<String, Tensor> inputs = new LinkedHashMap<>();
    final Set<String> outputs = new LinkedHashSet<>();

    /** Outputs wanted as bytes behind the JSON; or all, unless {@link #asJson} names them. */
    final Set<String> asBytes = new LinkedHashSet<>();

    final Set<String> asJson = new LinkedHashSet<>();
    boolean allAsBytes;
    int priority;
    Optional<Duration> timeout = Optional.empty();
    Keeping keeping = Keeping.NOTHING;

    boolean bytesFor(String output) {
        return asBytes.contains(output) || (allAsBytes && !asJson.contains(output));
    }
}
