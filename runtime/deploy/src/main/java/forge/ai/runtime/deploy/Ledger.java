package forge.ai.runtime.deploy;

import forge.ai.api.deploy.Deployment;
import forge.ai.api.deploy.DeploymentKind;
import forge.ai.api.deploy.DeploymentState;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What became of everything that was put in, for people to read: the list, and a line in the log for each change. */
final class Ledger {

    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
    private static final Comparator<Deployment> ORDER = Comparator.comparing(Deployment::kind)
            .thenComparing(Deployment::name)
            .thenComparing(Deployment::version);

    private final Clock clock;
    private final Map<String, Deployment> entries = new ConcurrentHashMap<>();

    Ledger(Clock clock) {
        this.clock = clock;
    }

    /** @param source where it came from: a file name, or the name of a feature */
    Deployment record(
            String source, String name, String version, DeploymentKind kind, DeploymentState state, String reason) {
        Deployment now = new Deployment(name, version, kind, state, reason, clock.instant());
        Deployment before = entries.get(source);
        if (before != null && same(before, now)) {
            return before;
        }
        entries.put(source, now);
        log(source, now);
        return now;
    }

    void remove(String source) {
        Deployment gone = entries.remove(source);
        if (gone != null) {
            LOG.info("{} {} {} is out ({})", word(gone), gone.name(), gone.version(), source);
        }
    }

    Optional<Deployment> get(String source) {
        return Optional.ofNullable(entries.get(source));
    }

    List<Deployment> list() {
        return entries.values().stream().sorted(ORDER).toList();
    }

    private static boolean same(Deployment a, Deployment b) {
        return a.equals(new Deployment(b.name(), b.version(), b.kind(), b.state(), b.reason(), a.since()));
    }

    private static void log(String source, Deployment now) {
        String state = now.state().toString().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
        if (now.state() == DeploymentState.FAILED) {
            LOG.error("{} {} {} is refused ({}): {}", word(now), now.name(), now.version(), source, now.reason());
        } else if (now.reason().isEmpty()) {
            LOG.info("{} {} {} is {} ({})", word(now), now.name(), now.version(), state, source);
        } else {
            LOG.warn("{} {} {} is {} ({}): {}", word(now), now.name(), now.version(), state, source, now.reason());
        }
    }

    private static String word(Deployment deployment) {
        return deployment.kind().toString().toLowerCase(java.util.Locale.ROOT);
    }
}
