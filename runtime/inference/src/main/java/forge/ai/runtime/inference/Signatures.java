package forge.ai.runtime.inference;

import forge.ai.api.inference.StepContext;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.model.ModelStatus;
import forge.ai.api.model.ModelStep;
import forge.ai.api.model.Pipeline;
import forge.ai.api.model.Sequencing;
import forge.ai.api.model.StepConfig;
import forge.ai.api.model.VersionSelector;
import forge.ai.api.tensor.TensorSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What models take and give, seen from outside. */
final class Signatures {

    private final Models models;
    private final Steps steps;

    Signatures(Models models, Steps steps) {
        this.models = models;
        this.steps = steps;
    }

    ModelSignature of(String model, VersionSelector version, Nesting within) {
        try (ModelLease lease = models.acquire(model, version, Limit.NONE)) {
            Pipeline pipeline = lease.config().pipeline();
            ModelSignature core =
                    pipeline.steps().isEmpty() ? alone(model, lease) : chained(pipeline, within.in(model));
            if (pipeline.isEmpty()) {
                return core;
            }
            return new ModelSignature(
                    before(pipeline.pre(), lease.status(), core.inputs()),
                    after(pipeline.post(), lease.status(), core.outputs()),
                    core.batched(),
                    core.metadata());
        }
    }

    private static ModelSignature alone(String model, ModelLease lease) {
        ModelSignature signature = lease.model().signature();
        Sequencing sequences = lease.config().sequences();
        return sequences.state().isEmpty() ? signature : new StateTensors(model, sequences, signature).outside();
    }

    private List<TensorSpec> before(List<StepConfig> pre, ModelStatus model, List<TensorSpec> inputs) {
        List<TensorSpec> specs = inputs;
        for (StepConfig config : pre.reversed()) {
            StepContext context = new StepContext(model.name(), model.version(), model.folder(), config);
            List<TensorSpec> next = specs;
            specs = steps.use(context, step -> step.takes(next, context));
        }
        return specs;
    }

    private List<TensorSpec> after(List<StepConfig> post, ModelStatus model, List<TensorSpec> outputs) {
        List<TensorSpec> specs = outputs;
        for (StepConfig config : post) {
            StepContext context = new StepContext(model.name(), model.version(), model.folder(), config);
            List<TensorSpec> before = specs;
            specs = steps.use(context, step -> step.gives(before, context));
        }
        return specs;
    }

    private ModelSignature chained(Pipeline pipeline, Nesting inside) {
        Map<String, TensorSpec> taken = new LinkedHashMap<>();
        Map<String, TensorSpec> given = new LinkedHashMap<>();
        boolean batched = true;
        for (ModelStep step : pipeline.steps()) {
            ModelSignature signature = of(step.model(), step.version(), inside);
            batched &= signature.batched();
            step.inputs()
                    .forEach((input, name) ->
                            signature.input(input).ifPresent(spec -> taken.putIfAbsent(name, spec.withName(name))));
            step.outputs()
                    .forEach((output, name) ->
                            signature.output(output).ifPresent(spec -> given.put(name, spec.withName(name))));
        }
        taken.keySet().retainAll(pipeline.inputs());
        given.keySet().retainAll(pipeline.outputs());
        return new ModelSignature(List.copyOf(taken.values()), List.copyOf(given.values()), batched, Map.of());
    }
}
