package forge.ai.api.model;

import java.util.Map;
import java.util.Objects;

/**
 * The settings of a model, from its {@code config.json}.
 *
 * @param backend the name of the backend, or empty to recognise it by the files
 * @param versions which versions are served
 * @param labels versions by label
 * @param batching how requests are put together
 * @param device where it computes; see {@link ModelSource#device()}
 * @param parameters further settings for the backend
 * @param cache whether results are kept
 * @param pipeline what is done besides the computation of the model
 * @param sequences how sequences are kept
 * @param serving how its versions serve
 */
public record ModelConfig(
        String backend,
        VersionPolicy versions,
        Map<String, Long> labels,
        Batching batching,
        String device,
        Map<String, String> parameters,
        Caching cache,
        Pipeline pipeline,
        Sequencing sequences,
        Serving serving) {

    public static final ModelConfig DEFAULT =
            new ModelConfig("", new VersionPolicy.Latest(1), Map.of(), Batching.DEFAULT, "auto", Map.of());

    public ModelConfig {
        Objects.requireNonNull(backend, "backend");
        Objects.requireNonNull(versions, "versions");
        labels = Map.copyOf(labels);
        Objects.requireNonNull(batching, "batching");
        Objects.requireNonNull(device, "device");
        parameters = Map.copyOf(parameters);
        Objects.requireNonNull(cache, "cache");
        Objects.requireNonNull(pipeline, "pipeline");
        Objects.requireNonNull(sequences, "sequences");
        Objects.requireNonNull(serving, "serving");
    }

    /** Without cache and pipeline, with the usual sequences, and served as is usual. */
    public ModelConfig(
            String backend,
            VersionPolicy versions,
            Map<String, Long> labels,
            Batching batching,
            String device,
            Map<String, String> parameters) {
        this(
                backend,
                versions,
                labels,
                batching,
                device,
                parameters,
                Caching.DEFAULT,
                Pipeline.NONE,
                Sequencing.DEFAULT,
                Serving.DEFAULT);
    }

    public ModelConfig withCache(Caching value) {
        return new ModelConfig(
                backend, versions, labels, batching, device, parameters, value, pipeline, sequences, serving);
    }

    public ModelConfig withPipeline(Pipeline value) {
        return new ModelConfig(
                backend, versions, labels, batching, device, parameters, cache, value, sequences, serving);
    }

    public ModelConfig withSequences(Sequencing value) {
        return new ModelConfig(
                backend, versions, labels, batching, device, parameters, cache, pipeline, value, serving);
    }

    public ModelConfig withServing(Serving value) {
        return new ModelConfig(
                backend, versions, labels, batching, device, parameters, cache, pipeline, sequences, value);
    }

    public ModelConfig withLabels(Map<String, Long> value) {
        return new ModelConfig(
                backend, versions, value, batching, device, parameters, cache, pipeline, sequences, serving);
    }
}
