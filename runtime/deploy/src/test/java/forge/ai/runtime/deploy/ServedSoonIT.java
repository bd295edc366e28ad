package forge.ai.runtime.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.ServiceReference;
import org.slf4j.LoggerFactory;

@Timeout(120)
class ServedSoonIT {

    private static final Duration SOON = Duration.ofSeconds(2);
    private static final int TIMES = 10;

    @TempDir
    Path folder;

    private DeployHome home;

    @BeforeEach
    void start() throws Exception {
        home = new DeployHome(folder).start();
    }

    @AfterEach
    void stop() throws Exception {
        home.close();
    }

    @Test
    void aJarIsServedWithinTwoSecondsOfBeingCopiedOrMovedIntoTheFolder() throws Exception {
        List<Duration> copied = new ArrayList<>();
        List<Duration> moved = new ArrayList<>();
        for (int version = 1; version <= 2 * TIMES; version++) {
            Path jar = home.jar("x.answer", "1.0." + version, SampleBundles.HEADERS, SampleBundles.answer());
            Path target = home.deploy("answer.jar");
            boolean copy = version % 2 == 0;
            if (copy) {
                Files.copy(jar, target, StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.move(jar, target, StandardCopyOption.REPLACE_EXISTING);
            }
            (copy ? copied : moved).add(untilServed("1.0." + version));
        }
        tell("a jar copied", copied);
        tell("a jar moved", moved);
        assertThat(copied).allMatch(time -> time.compareTo(SOON) < 0);
        assertThat(moved).allMatch(time -> time.compareTo(SOON) < 0);
    }

    @Test
    void aFeatureIsServedWithinTwoSeconds() throws Exception {
        List<Duration> written = new ArrayList<>();
        for (int version = 1; version <= TIMES; version++) {
            Path jar = home.jar("x.answer", "1.0." + version, SampleBundles.HEADERS, SampleBundles.answer());
            Files.move(jar, home.distribution().resolve("bundles/x.answer-1.0." + version + ".jar"));
            home.dropFeature("f", "1.0." + version, List.of("x.answer:1.0." + version), "");
            written.add(untilServed("1.0." + version));
        }
        tell("a feature", written);
        assertThat(written).allMatch(time -> time.compareTo(SOON) < 0);
    }

    private Duration untilServed(String version) throws Exception {
        long start = System.nanoTime();
        DeployHome.await(() -> home.framework().context().getServiceReferences(Supplier.class, "(role=answer)").stream()
                .anyMatch(service -> answers(service, version)));
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static boolean answers(ServiceReference<?> service, String version) {
        return service.getBundle() != null
                && service.getBundle().getVersion().toString().equals(version);
    }

    private static void tell(String what, List<Duration> times) {
        Collections.sort(times);
        LoggerFactory.getLogger(ServedSoonIT.class)
                .info(
                        "{} is served after {} ms in the median, {} ms at most",
                        what,
                        times.get(times.size() / 2).toMillis(),
                        times.getLast().toMillis());
    }
}
