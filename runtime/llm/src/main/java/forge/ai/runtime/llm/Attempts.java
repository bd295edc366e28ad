package forge.ai.runtime.llm;

import forge.ai.api.ContextLengthException;
import forge.ai.api.ErrorDetails;
import forge.ai.api.ForgeException;
import forge.ai.api.NotFoundException;
import forge.ai.api.TimedOutException;
import forge.ai.api.UnavailableException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.llm.Attribution;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.WireOnly;
import forge.ai.runtime.support.lease.Lease;
import forge.ai.runtime.support.limit.Entry;
import forge.ai.runtime.support.limit.Pass;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one call: where each goes and when. Fallbacks go first, without waiting; once every target has been
 * tried, those whose failure may pass are tried again after a pause. Retries and fallbacks share one number of attempts
 * and one deadline. Used by one thread.
 */
final class Attempts {

    /** Waits, unless the caller gives up. */
    @FunctionalInterface
    interface Pause {
        void pause(Duration time) throws InterruptedException;
    }

    private final CallAccount account;
    private final RoutePlan plan;
    private final Demand demand;
    private final Routing routing;
    private final boolean stream;
    private final boolean hurried;
    private final long begun;
    private final long deadline;
    private final List<Target> order;
    private final Map<Target, TargetState> states = new HashMap<>();
    private final Set<Target> tried = new HashSet<>();
    private final Set<Target> gone = new HashSet<>();
    /** Targets whose failure may pass, and when they may be tried again. */
    private final Map<Target, Long> again = new HashMap<>();

    /** What kept the call from targets that are at their limit. */
    private final List<Entry.Denial> denials = new ArrayList<>();

    private final List<String> trail = new ArrayList<>();
    private int retries;
    private boolean unheld;
    private @Nullable Target lastTarget;
    private @Nullable ForgeException last;

    Attempts(CallAccount account, Routing routing) {
        Optional<Duration> timeout = account.order().timeout();
        this.account = account;
        this.plan = account.order().plan();
        this.demand = account.order().demand();
        this.routing = routing;
        this.stream = account.stream();
        this.begun = routing.nanos();
        this.hurried = timeout.filter(t -> t.compareTo(plan.deadline()) < 0).isPresent();
        this.deadline = begun + (hurried ? timeout.orElseThrow() : plan.deadline()).toNanos();
        this.order = plan.strategy().order(fitting(), routing.outlook(demand, stream));
    }

    private List<Target> fitting() {
        List<Target> fitting =
                plan.targets().stream().filter(t -> t.fits(demand)).distinct().toList();
        if (!fitting.isEmpty()) {
            return fitting;
        }
        if (plan.targets().stream().noneMatch(t -> t.holds(demand))) {
            throw new ContextLengthException("about " + demand.windowTokens() + " tokens are more than any target of "
                    + plan.label() + " takes");
        }
        throw new UnsupportedException(
                "no target of " + plan.label() + " takes requests with " + (demand.vision() ? "pictures" : "tools"));
    }

    /**
     * Leave for the next attempt, after a pause where one is due.
     *
     * @throws ForgeException what the last attempt ended with, if there is to be none
     */
    Permit next(Pause pause) throws InterruptedException {
        while (true) {
            if (trail.size() >= plan.attempts()) {
                throw end();
            }
            Target target = untried().orElse(null);
            if (target == null) {
                target = retry(pause);
            }
            Optional<Lease<LlmProvider>> lease = routing.providers().acquire(target.provider());
            if (lease.isPresent() && demand.heldBy(lease.get().service())) {
                TargetLimits.Outcome outcome = enter(target);
                if (outcome.denial().isEmpty()) {
                    return permit(target, lease.get(), outcome.passes());
                }
                denials.add(outcome.denial().get());
            } else {
                unheld |= lease.isPresent();
            }
            lease.ifPresent(Lease::close);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            state(target).leave(this);
            gone.add(target);
        }
    }

    private TargetLimits.Outcome enter(Target target) {
        TokenEstimates estimates = account.accounting().estimates();
        boolean tokens = account.order().operation().isPresent();
        return account.accounting()
                .limits()
                .enter(
                        target,
                        tokens ? estimates.mostInput(target, demand) : 0,
                        tokens ? estimates.mostOutput(target, demand) : 0);
    }

    private Permit permit(Target target, Lease<LlmProvider> lease, List<Pass> passes) {
        Duration limit = limit(target);
        if (!limit.isPositive()) {
            state(target).leave(this);
            passes.forEach(Pass::withdraw);
            lease.close();
            throw last == null ? new TimedOutException("no time was left to call " + plan.label()) : end();
        }
        if (trail.isEmpty()) {
            budget(target).deposit(routing.settings().retryShare());
        }
        tried.add(target);
        lastTarget = target;
        AttemptAccount attempt = new AttemptAccount(account, target, trail.size() + 1, passes, routing.clock());
        return new Permit(this, target, lease, limit, hurried, state(target), routing, stream, attempt);
    }

    /** The time for an attempt leaves enough for one at each of the targets still to come. */
    private Duration limit(Target target) {
        long others = order.stream()
                .filter(t -> !t.equals(target) && open(t) && present(t) && state(t).usable())
                .count();
        long share = Math.min(plan.attempts() - trail.size(), 1 + others);
        Duration left = Duration.ofNanos(deadline - routing.nanos());
        Duration most = plan.attemptLimit().orElse(left.dividedBy(Math.max(1, share)));
        return most.compareTo(left) < 0 ? most : left;
    }

    /** Notes how an attempt ended; the next one may go elsewhere. */
    void failed(Permit permit, ForgeException failure) {
        permit.failed(failure);
        last = failure;
        trail.add(permit.target().name() + " " + failure.code());
        if (Failures.retriable(failure)) {
            Duration wait = Failures.retryAfter(failure).orElse(Duration.ZERO);
            again.put(permit.target(), routing.nanos() + wait.toNanos());
        } else {
            again.remove(permit.target());
        }
    }

    /** Who gave the answer that this attempt brought. */
    Attribution attribution(Permit permit) {
        return new Attribution(
                        permit.target().provider(),
                        permit.target().model(),
                        plan.route(),
                        trail.size() + 1,
                        Duration.ofNanos(permit.begun() - begun))
                .withLimits(account.limits());
    }

    /** Who was asked last, and what it took without an answer. */
    Attribution attribution() {
        Target asked = lastTarget;
        return new Attribution(
                        asked == null ? "" : asked.provider(),
                        asked == null ? "" : asked.model(),
                        plan.route(),
                        trail.size(),
                        Duration.ofNanos(routing.nanos() - begun))
                .withLimits(account.limits());
    }

    /** The best target not yet tried: a healthy one, else one that is left out, else one whose provider may come back. */
    private Optional<Target> untried() {
        if (last != null && !plan.fallbackOn().contains(last.code())) {
            return Optional.empty();
        }
        List<Target> present = order.stream().filter(t -> open(t) && present(t)).toList();
        Optional<Target> well =
                present.stream().filter(t -> state(t).enter(this)).findFirst();
        if (well.isPresent()) {
            return well;
        }
        // With all of them left out, fallbacks would multiply the outage as retries do.
        Optional<Target> ill = present.stream().findFirst();
        if (ill.isPresent() && (last == null || budget(ill.get()).withdraw())) {
            return ill;
        }
        // Not asked again who is present: one that came meanwhile would count as neither.
        return order.stream().filter(t -> open(t) && !present.contains(t)).findFirst();
    }

    private boolean open(Target target) {
        return !tried.contains(target) && !gone.contains(target);
    }

    /** The target that may be tried again first, once the pause before that is over. */
    private Target retry(Pause pause) throws InterruptedException {
        boolean anywhere = last != null && plan.fallbackOn().contains(last.code());
        Target target = (anywhere ? order.stream() : Stream.ofNullable(lastTarget))
                .filter(t -> again.containsKey(t) && !gone.contains(t))
                .min(Comparator.comparing(t -> Math.max(0, again.getOrDefault(t, 0L) - routing.nanos())))
                .orElseThrow(this::end);
        Settings settings = routing.settings();
        Duration jitter = settings.backoff().wait(retries++, routing.chance().getAsDouble());
        Duration asked = Duration.ofNanos(Math.max(0, again.getOrDefault(target, 0L) - routing.nanos()));
        Duration wait = asked.plus(jitter);
        boolean inTime = deadline - routing.nanos() > wait.toNanos();
        if (asked.compareTo(settings.longestWait()) > 0
                || !inTime
                || !budget(target).withdraw()) {
            throw end();
        }
        pause.pause(wait);
        return target;
    }

    private ForgeException end() {
        if (last != null) {
            return trail.size() < 2 ? last : Failures.afterOthers(last, "attempts: " + String.join(", ", trail));
        }
        if (!denials.isEmpty()) {
            return CallAccount.limited("every target of " + plan.label() + " is at its limit: ", soonest());
        }
        if (unheld) {
            WireOnly part = demand.wireOnly().orElseThrow();
            return new UnsupportedException(
                    part.parameter() + ": " + part.reason(), ErrorDetails.NONE.withParameter(part.parameter()));
        }
        List<String> names = routing.providers().names();
        String there = names.isEmpty() ? "there are none" : "there are: " + String.join(", ", names);
        if (plan.route().isEmpty()) {
            return new NotFoundException(
                    "no provider '" + plan.targets().getFirst().provider() + "'; " + there);
        }
        return new UnavailableException("no provider of " + plan.label() + " is there; " + there);
    }

    private Entry.Denial soonest() {
        return denials.stream()
                .min(Comparator.comparing(denial -> denial.retryAfter().orElse(Duration.ofDays(1))))
                .orElseThrow();
    }

    private boolean present(Target target) {
        return routing.providers().present(target.provider());
    }

    private RetryBudget budget(Target target) {
        return routing.providers().state(target.provider()).budget();
    }

    private TargetState state(Target target) {
        return states.computeIfAbsent(target, t -> routing.routes().state(t));
    }
}
