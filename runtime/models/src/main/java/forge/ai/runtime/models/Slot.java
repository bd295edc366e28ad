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
    private int scale;
    private boolean growing;
    private boolean starving;
    private @Nullable VersionFolder measured;
    private long measure;
    private @Nullable Target loading;
    private @Nullable Target failed;
    private @Nullable ForgeException failure;
    private volatile long lostAt = System.nanoTime() - BRIDGE.toNanos();
    private volatile @Nullable Served served;
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

    /** What calls find here; null while nothing is loaded. */
    @Nullable
    Served served() {
        return served;
    }

    /** How many instances are asked for; to be brought within the limits of the settings. */
    int scale() {
        return scale;
    }

    void scale(int instances) {
        scale = instances;
    }

    /** Whether further instances are being loaded. */
    boolean growing() {
        return growing;
    }

    void growing(boolean loads) {
        growing = loads;
    }

    /** Whether the load waits for memory that others are just giving back. */
    boolean starving() {
        return starving;
    }

    void starving(boolean waits) {
        starving = waits;
    }

    /** About how many bytes an instance takes: what was measured, or at least its files. */
    long estimate(VersionFolder of) {
        return of.equals(measured) ? measure : of.bytes();
    }

    void measured(VersionFolder of, long bytes) {
        measured = of;
        measure = bytes;
    }

    /** Whether calls find an instance here. */
    boolean serves() {
        return served != null;
    }

    boolean serves(Target target) {
        Served now = served;
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
        return failed != null && served == null && loading == null;
    }

    Optional<ForgeException> failure() {
        return Optional.ofNullable(failure);
    }

    void await(Target target) {
        loading = target;
        starving = false;
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

    /** Puts what was loaded in the place of what serves; the caller retires that once all can see the new. */
    @Nullable
    Served serve(@Nullable Served next) {
        Served old = served;
        served = next;
        growing = false;
        if (next != null) {
            loading = null;
            forgetFailure();
        }
        return old;
    }

    /** What serves goes although it is still wanted: calls wait for the next. */
    void lose() {
        lostAt = System.nanoTime();
    }

    /** How soon a call may expect to be served here: 2 at once, 1 after a wait, 0 not. */
    int nearness() {
        return served != null ? 2 : bridge(System.nanoTime()) > 0 ? 1 : 0;
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
        Served now = served;
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
                now == null ? 0 : now.size(),
                now == null ? 0 : now.memory());
        return changed;
    }

    /** A hold on a loaded model; null if there is none or it is just leaving. */
    @Nullable
    InstanceLease lease(ModelConfig config) {
        Served now = served;
        Instance instance = now == null ? null : now.enter();
        return instance == null ? null : new InstanceLease(instance, statusOf(now), config);
    }

    /** The status for a call that holds an instance of this, also while another takes its place. */
    private ModelStatus statusOf(Served held) {
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
                held.size(),
                held.memory());
    }

    @Override
    public String toString() {
        return model + " version " + version;
    }
}
