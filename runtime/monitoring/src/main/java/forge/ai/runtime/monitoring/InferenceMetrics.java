package forge.ai.runtime.monitoring;

import forge.ai.api.inference.InferenceService;
import forge.ai.api.inference.InferenceStatistics;
import forge.ai.api.monitoring.Metric.Kind;
import forge.ai.api.monitoring.Telemetry;
import forge.ai.api.monitoring.Telemetry.Observation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** How the engine does: it counts by itself, and is asked only when somebody wants to know. */
@Component(
        service = {},
        immediate = true)
public final class InferenceMetrics {

    private final Telemetry to;
    private final List<Observation> observed = new ArrayList<>();

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable InferenceService engine;

    @Activate
    public InferenceMetrics(@Reference Telemetry to) {
        this.to = to;
        observed.add(to.observe(
                Kind.COUNTER,
                "forge.inference.requests",
                "{request}",
                "Requests answered, and those that failed",
                now -> {
                    for (InferenceStatistics one : statistics()) {
                        now.is(one.success().count(), attributes(one, "forge.outcome", "success"));
                        now.is(one.failure().count(), attributes(one, "forge.outcome", "failure"));
                    }
                }));
        sum(
                "forge.inference.request.time",
                "Time from the coming of requests to their answers",
                one -> one.success().total());
        sum(
                "forge.inference.queue.time",
                "Time that requests waited for their turn",
                one -> one.queue().total());
        sum(
                "forge.inference.input.time",
                "Time in which inputs were put together",
                one -> one.computeInput().total());
        sum(
                "forge.inference.compute.time",
                "Time of computations, counted for each request in them",
                one -> one.computeInfer().total());
        sum(
                "forge.inference.output.time",
                "Time in which outputs were dealt out",
                one -> one.computeOutput().total());
        observe(Kind.COUNTER, "forge.inference.rows", "{row}", "Rows computed", InferenceStatistics::rows);
        observed.add(to.observe(
                Kind.COUNTER,
                "forge.inference.computations",
                "{computation}",
                "Computations by their number of rows",
                now -> {
                    for (InferenceStatistics one : statistics()) {
                        one.batches()
                                .forEach(batch -> now.is(
                                        batch.computeInfer().count(),
                                        attributes(one, "forge.batch.rows", Integer.toString(batch.rows()))));
                    }
                }));
        observe(
                Kind.COUNTER,
                "forge.inference.cache.hits",
                "{request}",
                "Requests answered from the result cache",
                one -> one.cacheHit().count());
        observe(
                Kind.COUNTER,
                "forge.inference.cache.misses",
                "{request}",
                "Requests that looked there in vain",
                one -> one.cacheMiss().count());
        observe(
                Kind.UP_DOWN_COUNTER,
                "forge.inference.waiting",
                "{request}",
                "Requests in the queue",
                one -> one.load().waiting());
        observe(
                Kind.UP_DOWN_COUNTER,
                "forge.inference.running",
                "{computation}",
                "Computations under way",
                one -> one.load().running());
        observe(
                Kind.UP_DOWN_COUNTER,
                "forge.inference.parallel",
                "{computation}",
                "The most computations that may be under way",
                one -> one.load().parallel());
    }

    private void sum(String name, String description, Function<InferenceStatistics, Duration> what) {
        observe(
                Kind.COUNTER,
                name,
                "s",
                description,
                one -> what.apply(one).toNanos() / (double) TimeUnit.SECONDS.toNanos(1));
    }

    private void observe(
            Kind kind, String name, String unit, String description, ToDoubleFunction<InferenceStatistics> what) {
        observed.add(to.observe(
                kind,
                name,
                unit,
                description,
                now -> statistics().forEach(one -> now.is(what.applyAsDouble(one), attributes(one)))));
    }

    private List<InferenceStatistics> statistics() {
        InferenceService service = engine;
        return service == null ? List.of() : service.statistics();
    }

    private static String[] attributes(InferenceStatistics one, String... more) {
        List<String> all = new ArrayList<>(
                List.of(ModelMetrics.NAME, one.model(), ModelMetrics.VERSION, Long.toString(one.version())));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Deactivate
    void deactivate() {
        observed.forEach(Observation::close);
    }
}
