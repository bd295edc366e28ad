package forge.ai.runtime.models;

import forge.ai.api.ForgeException;
import forge.ai.api.model.ModelConfig;
import forge.ai.api.model.ModelState;
import forge.ai.api.model.ModelStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The place of one version of a model: what lies there, what is loaded, what its calls hold. Written under the lock of
 * the {@link Catalog}; calls read the volatile fields without it.
 */
final class Slot {

    /** How long a call waits for the successor of an instance that has gone. */
    static final Duration BRIDGE = Duration.ofSeconds(2);

    private final String model;
    private final long version;
    private Path folder;
    private boolean reload;
    private @Nullable VersionFolder files;
    private boolean there = true;
    private int draining;
    private @Nullable Target loading;
    private @Nullable Target failed;
    private @Nullable ForgeException failure;
    private volatile long lostAt = System.nanoTime() - BRIDGE.toNanos();
    private volatile @Nullable Instance instance;
    private volatile ModelStatus status;

    Slot(String model, VersionFolder first) {
        this.model = model;
        this.version = first.version();
        this.folder = first.folder();
        this.status = new ModelStatus(
                model,
                version,
                ModelState.UNAVAILABLE,
                "",
                Instant.now(),
                "",
                Set.of(),
                "",
                first.folder(),
                Optional.empty(),
                0,
                0);
    }

    String model() {
        return model;
    }

    long version() {
        return version;
    }

    ModelStatus status() {
        return status;
    }

    /** The files as they were when they had stopped changing; null while they have not. */
    @Nullable
    VersionFolder files() {
        return files;
    }

    void settle(VersionFolder seen) {
        files = seen;
        folder = seen.folder();
        there = true;
    }

    boolean there() {
        return there;
    }

    void gone() {
        there = false;
        files = null;
    }

    /** Whether files that changed meanwhile are to be taken up, where that is not done by itself. */
    boolean reload() {
        return reload;
    }

    void reload(boolean asked) {
        reload = asked;
    }

    /** The files turned out to be changing still. */
    void unsettle() {
        files = null;
        loading = null;
    }

    /** Whether calls hold an instance that has been taken out of service. */
    boolean draining() {
        return draining > 0;
    }

    void drains(int difference) {
        draining += difference;
    }

    @Nullable
    Instance instance() {
        return instance;
    }

    /** Whether calls find an instance here. */
    boolean serves() {
        return instance != null;
    }

    boolean serves(Target target) {
        Instance now = instance;
        return now != null && now.target().equals(target);
    }

    boolean awaits(Target target) {
        return target.equals(loading);
    }

    boolean failed(Target target) {
        return target.equals(failed);
    }

    /** Whether it could not be loaded and nothing serves in its place. */
    boolean failedOnly() {
        return failed != null && instance == null && loading == null;
    }

    Optional<ForgeException> failure() {
        return Optional.ofNullable(failure);
    }

    void await(Target target) {
        loading = target;
        forgetFailure();
    }

    void stopLoading() {
        loading = null;
    }

    boolean loading() {
        return loading != null;
    }

    void fail(Target target, ForgeException error) {
        loading = null;
        failed = target;
        failure = error;
    }

    void forgetFailure() {
        failed = null;
        failure = null;
    }

    /** Puts an instance in the place of another; the caller retires the old one once all can see the new one. */
    @Nullable
    Instance serve(@Nullable Instance next) {
        Instance old = instance;
        instance = next;
        if (next != null) {
            loading = null;
            forgetFailure();
        }
        return old;
    }

    /** The instance goes although it is still wanted: calls wait for the next one. */
    void lose() {
        lostAt = System.nanoTime();
    }

    /** How soon a call may expect to be served here: 2 at once, 1 after a wait, 0 not. */
    int nearness() {
        return instance != null ? 2 : bridge(System.nanoTime()) > 0 ? 1 : 0;
    }

    /** How long a call may still wait for the next instance, in nanoseconds; 0 or less if it should not. */
    long bridge(long since) {
        long now = System.nanoTime();
        long lost = lostAt + BRIDGE.toNanos() - now;
        return Math.min(since + BRIDGE.toNanos() - now, lost);
    }

    /** Changes the status; true if state or reason are others than before. */
    boolean become(ModelState state, String reason, String backend, Set<String> labels) {
        ModelStatus old = status;
        Instance now = instance;
        boolean changed = old.state() != state || !old.reason().equals(reason);
        status = new ModelStatus(
                model,
                version,
                state,
                reason,
                changed ? Instant.now() : old.since(),
                backend,
                labels,
                now == null ? "" : now.digest(),
                folder,
                now == null ? Optional.empty() : Optional.of(now.signature()),
                now == null ? 0 : 1,
                now == null ? 0 : now.target().files().bytes());
        return changed;
    }

    /** A hold on the loaded model; null if there is none or it is just leaving. */
    @Nullable
    InstanceLease lease(ModelConfig config) {
        Instance now = instance;
        return now != null && now.gate().enter() ? new InstanceLease(now, statusOf(now), config) : null;
    }

    /** The status for a call that holds this instance, also while another takes its place. */
    private ModelStatus statusOf(Instance held) {
        ModelStatus now = status;
        if (now.state() == ModelState.READY && now.digest().equals(held.digest())) {
            return now;
        }
        return new ModelStatus(
                model,
                version,
                ModelState.READY,
                "",
                now.since(),
                held.target().backend().name(),
                now.labels(),
                held.digest(),
                held.target().files().folder(),
                Optional.of(held.signature()),
                1,
                held.target().files().bytes());
    }

    @Override
    public String toString() {
        return model + " version " + version;
    }
}
