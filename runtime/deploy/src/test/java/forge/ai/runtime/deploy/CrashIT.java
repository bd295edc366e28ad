package forge.ai.runtime.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.deploy.Deployment;
import forge.ai.api.deploy.DeploymentState;
import forge.ai.runtime.testkit.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that dies in the midst of deployments, again and again over the same home. */
@Timeout(300)
class CrashIT {

    private static final int CRASHES = 10;
    private static final int MOST_CRASHES = 30;
    private static final int ACKNOWLEDGED = 30;
    private static final int KILLED = 137;
    private static final String PID = "x.pid";

    @TempDir
    Path folder;

    @Test
    void whatWasAcknowledgedIsThereAfterACrashAndNothingIsThereByHalf() throws Exception {
        Progress known = new Progress(0, 0, 0);
        int acknowledged = 0;
        for (int crash = 0; crash < CRASHES || acknowledged < ACKNOWLEDGED; crash++) {
            assertThat(crash).isLessThan(MOST_CRASHES);
            ChildJvm child = ChildJvm.run(
                    folder.resolve("child" + crash), Deploying.class, folder.toString(), Integer.toString(crash));
            assertThat(child.exit()).as(() -> String.join("\n", child.output())).isEqualTo(KILLED);
            for (String line : child.output()) {
                if (line.startsWith("FOUND ")) {
                    known.check(line);
                    known = Progress.parse(line);
                } else if (line.startsWith("DONE ")) {
                    known = Progress.parse(line);
                    acknowledged++;
                }
            }
        }
    }

    /**
     * How far a process has come.
     *
     * @param bundle the number of the bundle installed
     * @param feature that of the feature installed; 0 for none
     * @param step counts installations and removals of the feature
     */
    private record Progress(int bundle, int feature, int step) {

        static Progress parse(String line) {
            String[] words = line.split(" ");
            return new Progress(Integer.parseInt(words[1]), Integer.parseInt(words[2]), Integer.parseInt(words[3]));
        }

        /** What is found has to be this, or what was being done when the process died. */
        void check(String found) {
            Progress there = parse(found);
            assertThat(there.bundle()).as("bundle of %s after %s", found, this).isBetween(bundle, bundle + 1);
            if (there.feature() != feature) {
                assertThat(there.feature())
                        .as("feature of %s after %s", found, this)
                        .isIn(0, step + 1);
            }
        }
    }

    /** Whether the feature is taken out after that step; else its next version is put in. */
    private static boolean removes(int step) {
        return step % 3 == 2;
    }

    /** The child: says what it finds, then deploys until it is halted. */
    static final class Deploying implements ChildJvm.Work {

        private DeployHome home;

        @Override
        public void run(String... arguments) throws Exception {
            home = new DeployHome(Path.of(arguments[0]));
            if (Integer.parseInt(arguments[1]) % 2 == 0) {
                home.forgetFramework();
            }
            home.start();
            int bundle = number("x.sample").orElse(0);
            int feature = feature();
            int step = feature;
            if (feature == 0 && Files.exists(Path.of(arguments[0], "step"))) {
                step = Integer.parseInt(Files.readString(Path.of(arguments[0], "step")));
            }
            say("FOUND", bundle, feature, step);
            haltSoon();
            while (true) {
                bundle++;
                home.deployments().install(sample(bundle));
                say("DONE", bundle, feature, step);
                remember(Path.of(arguments[0], "step"), step + 1);
                feature = removes(step) ? removeFeature() : installFeature(step + 1);
                step++;
                say("DONE", bundle, feature, step);
            }
        }

        /** Whole or not at all: the process may be killed in the midst of it. */
        private static void remember(Path file, int step) throws IOException {
            Path next = file.resolveSibling("step.next");
            Files.writeString(next, Integer.toString(step));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        }

        private static void say(String word, int bundle, int feature, int step) {
            System.out.println(word + " " + bundle + " " + feature + " " + step);
            System.out.flush();
        }

        private static void haltSoon() {
            long delay = ThreadLocalRandom.current().nextLong(20, 1_200);
            Thread.ofPlatform().daemon().start(() -> {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(delay));
                Runtime.getRuntime().halt(KILLED);
            });
        }

        private Path sample(int number) throws Exception {
            Path jar = home.jar("x.sample", "1.0." + number, Map.of());
            return Files.move(jar, jar.resolveSibling("sample.jar"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }

        private int installFeature(int number) throws Exception {
            home.distribute("x.fa", "1.0." + number, Map.of());
            home.distribute("x.fb", "1.0." + number, Map.of());
            home.distributeFeature(
                    "f",
                    "1.0." + number,
                    List.of("x.fa:1.0." + number, "x.fb:1.0." + number),
                    "\"" + PID + "\": {\"number\": " + number + "}");
            home.deployments().installFeature("f");
            return number;
        }

        private int removeFeature() throws Exception {
            if (number("x.fa").isPresent()) {
                home.deployments().remove("x:f");
            }
            return 0;
        }

        /** The number of the bundle that runs; it has to be the only one of its name, once the old ones have left. */
        private Optional<Integer> number(String name) throws Exception {
            DeployHome.await(() -> home.installed(name) == home.running(name).size() && home.installed(name) <= 1);
            return home.running(name).stream()
                    .map(version -> Integer.parseInt(version.substring("1.0.".length())))
                    .findFirst();
        }

        /** The number of the feature that is there in all its parts; 0 for one that is in none. */
        private int feature() throws Exception {
            int number = home.deployments().list().stream()
                    .filter(d -> d.name().equals("x:f"))
                    .peek(d -> assertThat(d.state()).isEqualTo(DeploymentState.ACTIVE))
                    .map(Deployment::version)
                    .map(version -> Integer.parseInt(version.substring("1.0.".length())))
                    .findFirst()
                    .orElse(0);
            assertThat(number("x.fa").orElse(0)).isEqualTo(number);
            assertThat(number("x.fb").orElse(0)).isEqualTo(number);
            if (number == 0) {
                assertThat(home.configurations().pids()).doesNotContain(PID);
            } else {
                assertThat(home.configurations().values(PID)).containsEntry("number", (long) number);
            }
            return number;
        }
    }
}
