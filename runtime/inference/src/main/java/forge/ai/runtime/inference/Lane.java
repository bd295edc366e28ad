package forge.ai.runtime.inference;

import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceResult;
import forge.ai.api.inference.InferenceStatistics.Load;
import forge.ai.api.model.Batching;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.support.model.RequestCheck;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way of the requests to one version of a model: they are checked, and computed in the caller's thread or through
 * the queue of the {@link Dispatcher}. Short ones go the way that {@link Trials} found the better one; all others go
 * through the queue, and are computed together where their {@link Costs} say that it pays.
 */
final class Lane {

    private final String name;
    private final Time time;
    private final Costs costs = new Costs();
    private final Trials trials;
    private final Counters counters = new Counters();
    private final Dispatcher dispatcher;
    private volatile @Nullable Checked checked;

    /** A signature with the check made from it. */
    private record Checked(ModelSignature signature, RequestCheck check) {}

    Lane(String name, Supplier<Settings> settings, Time time, Threads threads, Watchdog watchdog) {
        this.name = name;
        this.time = time;
        this.trials = new Trials(time);
        this.dispatcher = new Dispatcher(name, settings, time, threads, watchdog, costs, counters, this::batches);
    }

    /** Computes a request with the model that is held; the hold is given back in any case. */
    InferenceResult infer(InferenceRequest asked, ModelLease lease, Limit limit) {
        boolean handedOver = false;
        try {
            InferenceRequest request = adapted(asked, lease.model());
            ModelSignature signature = lease.model().signature();
            check(signature).accept(request.inputs(), request.outputs());
            limit.check(request.model());
            Batching batching = lease.config().batching();
            boolean rows = signature.batched() && !request.inputs().isEmpty();
            int count = rows ? rows(request) : 1;
            Call call = new Call(request, lease, limit, count, rows && count > 0 && batching.enabled());
            costs.checkTime(name, call.rows(), limit);
            boolean brief = costs.brief(call.rows());
            boolean tried = brief && call.shares();
            if (brief && !(tried && trials.together(dispatcher.busy()))) {
                InferenceResult result = dispatcher.direct(call);
                if (tried) {
                    trials.answered(time, counters);
                }
                return result;
            }
            handedOver = true;
            InferenceResult result = dispatcher.queued(call, batching);
            if (tried) {
                trials.answered(time, counters);
            }
            return result;
        } finally {
            if (!handedOver) {
                lease.close();
            }
        }
    }

    private static InferenceRequest adapted(InferenceRequest request, LoadedModel model) {
        Map<String, Tensor> inputs = model.adapt(request.inputs());
        return inputs == request.inputs() ? request : request.withInputs(inputs);
    }

    private static int rows(InferenceRequest request) {
        return (int) request.inputs().values().iterator().next().dimension(0);
    }

    private RequestCheck check(ModelSignature signature) {
        Checked known = checked;
        if (known == null || known.signature() != signature) {
            known = new Checked(signature, new RequestCheck(signature));
            checked = known;
        }
        return known.check();
    }

    /** Short ones that wait are computed together in any case. */
    private boolean batches(Call call) {
        return call.shares() && (costs.brief(call.rows()) || costs.batchingPays());
    }

    int waiting() {
        return load().waiting();
    }

    Counters counters() {
        return counters;
    }

    Load load() {
        return dispatcher.load();
    }
}
