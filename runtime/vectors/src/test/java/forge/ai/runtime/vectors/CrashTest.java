package forge.ai.runtime.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.vector.CollectionSpec;
import forge.ai.api.vector.Metric;
import forge.ai.api.vector.VectorEntry;
import forge.ai.api.vector.VectorMatch;
import forge.ai.api.vector.VectorQuery;
import forge.ai.runtime.testkit.ChildJvm;
import forge.ai.runtime.testkit.Configs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed in the midst of changes, again and again over the same home. */
@Timeout(180)
class CrashTest {

    private static final int CRASHES = 5;
    private static final int KILLED = 137;
    private static final int BATCH = 5;

    @TempDir
    private Path folder;

    private static LuceneVectorService service(Path home) {
        return new LuceneVectorService(home, Configs.of(LuceneVectorService.Config.class, Map.of()));
    }

    @Test
    void whatWasAcknowledgedIsThereAndNothingIsThereByHalf() throws Exception {
        Path home = folder.resolve("forge");
        int steps = 0;
        for (int crash = 0; crash < CRASHES; crash++) {
            ChildJvm child = ChildJvm.run(
                    folder.resolve("child" + crash), Changing.class, home.toString(), Integer.toString(steps));
            assertThat(child.exit()).as(() -> String.join("\n", child.output())).isEqualTo(KILLED);
            int acknowledged = child.output().stream()
                    .filter(line -> line.startsWith("DONE "))
                    .mapToInt(line -> Integer.parseInt(line.substring("DONE ".length())))
                    .max()
                    .orElse(steps);
            assertThat(acknowledged).as("changes of process %s", crash).isGreaterThan(steps);
            Set<String> there = there(home);
            assertThat(there).isIn(state(acknowledged), state(acknowledged + 1));
            steps = there.equals(state(acknowledged)) ? acknowledged : acknowledged + 1;
        }
    }

    private static Set<String> there(Path home) {
        LuceneVectorService service = service(home);
        try {
            List<VectorMatch> all = service.search(
                    VectorQuery.of("c", new float[] {1, 1, 1}, 1000).exactly());
            assertThat(service.collection("c").entries()).isEqualTo(all.size());
            return all.stream().map(match -> match.entry().id()).collect(Collectors.toCollection(TreeSet::new));
        } finally {
            service.deactivate();
        }
    }

    /** The ids after so many changes: every other one takes out what the one before the last has put in. */
    private static Set<String> state(int steps) {
        Set<String> ids = new TreeSet<>();
        for (int step = 1; step <= steps; step++) {
            if (step % 4 == 0) {
                ids.removeAll(batch(step - 2));
            } else {
                ids.addAll(batch(step));
            }
        }
        return ids;
    }

    /** Of two hundred steps in turn the ids are the same, so that entries are replaced, too. */
    private static List<String> batch(int step) {
        return IntStream.range(0, BATCH).mapToObj(i -> step % 200 + "-" + i).toList();
    }

    /** The child: changes a collection until it is killed. */
    static final class Changing implements ChildJvm.Work {

        @Override
        public void run(String... arguments) {
            LuceneVectorService service = service(Path.of(arguments[0]));
            int step = Integer.parseInt(arguments[1]);
            if (service.collections().isEmpty()) {
                service.create(CollectionSpec.of("c", 3, Metric.EUCLIDEAN));
            }
            Random random = new Random(step);
            int first = step + 1;
            while (true) {
                step++;
                if (step % 4 == 0) {
                    service.delete("c", batch(step - 2));
                } else {
                    service.put(
                            "c",
                            batch(step).stream()
                                    .map(id -> VectorEntry.of(id, random.nextFloat(), random.nextFloat(), 1))
                                    .toList());
                }
                System.out.println("DONE " + step);
                System.out.flush();
                if (step == first) {
                    Thread.ofPlatform().start(Changing::kill);
                }
            }
        }

        private static void kill() {
            LockSupport.parkNanos(
                    TimeUnit.MILLISECONDS.toNanos(ThreadLocalRandom.current().nextLong(500, 2000)));
            String self = Long.toString(ProcessHandle.current().pid());
            try {
                new ProcessBuilder("kill", "-9", self).start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
