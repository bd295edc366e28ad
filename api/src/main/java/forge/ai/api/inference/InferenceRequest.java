package forge.ai.api.inference;

import forge.ai.api.model.VersionSelector;
import forge.ai.api.monitoring.Span;
import forge.ai.api.tensor.Tensor;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What is to be computed.
 *
 * @param model the model's name
 * @param version which of its versions
 * @param inputs tensors by name
 * @param outputs the names of the outputs wanted; empty for all
 * @param priority higher goes first; 0 is normal
 * @param timeout the longest to wait for the answer
 * @param cache what it wants of the result cache
 * @param sequence the sequence that it belongs to
 * @param span of which trace it is a part; {@link Span#NONE} for none
 */
public record InferenceRequest(
        String model,
        VersionSelector version,
        Map<String, Tensor> inputs,
        Set<String> outputs,
        int priority,
        Optional<Duration> timeout,
        CachePolicy cache,
        Optional<Sequence> sequence,
        Span span) {

    public InferenceRequest {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(version, "version");
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        outputs = Collections.unmodifiableSet(new LinkedHashSet<>(outputs));
        Objects.requireNonNull(timeout, "timeout");
        Objects.requireNonNull(cache, "cache");
        Objects.requireNonNull(sequence, "sequence");
        Objects.requireNonNull(span, "span");
    }

    /** A request that uses the cache where there is one, and belongs to no sequence and no trace. */
    public InferenceRequest(
            String model,
            VersionSelector version,
            Map<String, Tensor> inputs,
            Set<String> outputs,
            int priority,
            Optional<Duration> timeout) {
        this(model, version, inputs, outputs, priority, timeout, CachePolicy.USE, Optional.empty(), Span.NONE);
    }

    /** All outputs of the default version, with normal priority and no limit of time. */
    public static InferenceRequest of(String model, Map<String, Tensor> inputs) {
        return new InferenceRequest(model, VersionSelector.DEFAULT, inputs, Set.of(), 0, Optional.empty());
    }

    public InferenceRequest withVersion(VersionSelector value) {
        return new InferenceRequest(model, value, inputs, outputs, priority, timeout, cache, sequence, span);
    }

    public InferenceRequest withInputs(Map<String, Tensor> value) {
        return new InferenceRequest(model, version, value, outputs, priority, timeout, cache, sequence, span);
    }

    public InferenceRequest withOutputs(Set<String> value) {
        return new InferenceRequest(model, version, inputs, value, priority, timeout, cache, sequence, span);
    }

    public InferenceRequest withPriority(int value) {
        return new InferenceRequest(model, version, inputs, outputs, value, timeout, cache, sequence, span);
    }

    public InferenceRequest withTimeout(Duration value) {
        return new InferenceRequest(
                model, version, inputs, outputs, priority, Optional.of(value), cache, sequence, span);
    }

    public InferenceRequest withCache(CachePolicy value) {
        return new InferenceRequest(model, version, inputs, outputs, priority, timeout, value, sequence, span);
    }

    public InferenceRequest withSequence(Sequence value) {
        return new InferenceRequest(
                model, version, inputs, outputs, priority, timeout, cache, Optional.of(value), span);
    }

    /** The same, as part of a trace. */
    public InferenceRequest withSpan(Span value) {
        return value == span
                ? this
                : new InferenceRequest(model, version, inputs, outputs, priority, timeout, cache, sequence, value);
    }
}
