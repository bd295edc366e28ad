package forge.ai.runtime.inference;

import forge.ai.api.ForgeException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceResult;
import forge.ai.api.inference.StepContext;
import forge.ai.api.inference.StepTiming;
import forge.ai.api.inference.StepTiming.Part;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.ModelStatus;
import forge.ai.api.model.ModelStep;
import forge.ai.api.model.Pipeline;
import forge.ai.api.model.Shadow;
import forge.ai.api.model.StepConfig;
import forge.ai.api.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes requests through what their models' settings put before, after or in the place of the computation. */
final class Pipelines {

    private final Models models;
    private final ModelCalls calls;
    private final Sequences sequences;
    private final Steps steps;
    private final Lanes lanes;
    private final Shadows shadows;

    Pipelines(Models models, ModelCalls calls, Sequences sequences, Steps steps, Lanes lanes) {
        this.models = models;
        this.calls = calls;
        this.sequences = sequences;
        this.steps = steps;
        this.lanes = lanes;
        this.shadows = new Shadows(this::unshadowed, lanes::waiting);
    }

    /** What shadows of models compute. */
    Shadows shadows() {
        return shadows;
    }

    private InferenceResult unshadowed(InferenceRequest request) {
        Limit limit = Limit.of(request);
        return infer(request, models.acquire(request.model(), request.version(), limit), limit, Nesting.NONE, null);
    }

    /** Computes a request to any model. */
    InferenceResult infer(InferenceRequest request, Limit limit, Nesting within) {
        if (request.sequence().isPresent()) {
            return sequences.inTurn(
                    request,
                    request.sequence().get(),
                    limit,
                    turn -> infer(request, turn.lease(), limit, within, turn));
        }
        ModelLease lease = models.acquire(request.model(), request.version(), limit);
        Shadow shadow = lease.config().serving().shadow();
        InferenceResult result = infer(request, lease, limit, within, null);
        if (shadow.on()) {
            shadows.answered(request, result, shadow);
        }
        return result;
    }

    private InferenceResult infer(
            InferenceRequest request, ModelLease lease, Limit limit, Nesting within, @Nullable Turn turn) {
        if (lease.config().pipeline().isEmpty()) {
            return calls.infer(request, lease, limit, turn);
        }
        return new Run(request, lease, limit, turn).through(within);
    }

    /** One request on its way. */
    private final class Run {

        private final InferenceRequest request;
        private final ModelLease lease;
        private final ModelStatus model;
        private final Pipeline pipeline;
        private final Limit limit;
        private final @Nullable Turn turn;
        private final Counters counters;
        private final List<StepTiming> timings = new ArrayList<>();
        private boolean handedOver;

        Run(InferenceRequest request, ModelLease lease, Limit limit, @Nullable Turn turn) {
            this.request = request;
            this.lease = lease;
            this.model = lease.status();
            this.pipeline = lease.config().pipeline();
            this.limit = limit;
            this.turn = turn;
            this.counters = lanes.of(model).counters();
        }

        InferenceResult through(Nesting within) {
            try {
                Map<String, Tensor> inputs = each(Part.PRE, pipeline.pre(), request.inputs());
                InferenceResult computed = pipeline.steps().isEmpty() ? alone(inputs) : chain(inputs, within);
                Map<String, Tensor> outputs = each(Part.POST, pipeline.post(), computed.outputs());
                return computed.withOutputs(wanted(outputs)).withSteps(timings);
            } finally {
                if (!handedOver) {
                    lease.close();
                }
            }
        }

        private Map<String, Tensor> each(Part part, List<StepConfig> configs, Map<String, Tensor> given) {
            Map<String, Tensor> tensors = given;
            for (StepConfig config : configs) {
                limit.check(request.model());
                StepContext context = new StepContext(model.name(), model.version(), model.folder(), config);
                Map<String, Tensor> before = tensors;
                long began = System.nanoTime();
                try {
                    tensors = steps.use(context, step -> step.apply(before, context));
                } catch (ForgeException e) {
                    counters.failed(System.nanoTime() - limit.began());
                    throw e;
                }
                took(part, config.step(), began);
            }
            return tensors;
        }

        private void took(Part part, String name, long began) {
            StepTiming timing = new StepTiming(part, name, Duration.ofNanos(System.nanoTime() - began));
            timings.add(timing);
            counters.stepped(timing);
        }

        private InferenceResult alone(Map<String, Tensor> inputs) {
            InferenceRequest inner = request.withInputs(inputs);
            handedOver = true;
            long began = System.nanoTime();
            // Which outputs the steps behind need, only they know.
            InferenceResult computed =
                    calls.infer(pipeline.post().isEmpty() ? inner : inner.withOutputs(Set.of()), lease, limit, turn);
            took(Part.MODEL, request.model(), began);
            return computed;
        }

        private InferenceResult chain(Map<String, Tensor> inputs, Nesting within) {
            try {
                Nesting inside = within.in(request.model());
                Chain chain = new Chain(request, pipeline, inputs);
                for (ModelStep step : pipeline.steps()) {
                    limit.check(request.model());
                    long began = System.nanoTime();
                    chain.take(step, infer(chain.request(step), limit, inside));
                    took(Part.MODEL, step.model(), began);
                }
                InferenceResult result = chain.result(model.version());
                counters.chained(System.nanoTime() - limit.began());
                return result;
            } catch (ForgeException e) {
                counters.failed(System.nanoTime() - limit.began());
                throw e;
            }
        }

        private Map<String, Tensor> wanted(Map<String, Tensor> outputs) {
            if (request.outputs().isEmpty()) {
                return outputs;
            }
            Map<String, Tensor> wanted = new LinkedHashMap<>();
            for (String name : request.outputs()) {
                Tensor tensor = outputs.get(name);
                if (tensor == null) {
                    throw new InvalidRequestException(
                            "there is no output " + name + "; there are: " + outputs.keySet());
                }
                wanted.put(name, tensor);
            }
            return wanted;
        }
    }
}
