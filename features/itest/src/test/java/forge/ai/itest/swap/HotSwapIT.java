package forge.ai.itest.swap;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.itest.ForgeProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Providers, a backend and a configuration of a whole runtime are replaced again and again while 32 callers use it: no
 * answer fails, is doubled or truncated, and nothing of what was replaced stays behind.
 *
 * <p>The system property {@code forge.swaps} says how often each is replaced.
 */
class HotSwapIT {

    private static final int SWAPS = Integer.getInteger("forge.swaps");

    /** Until all is loaded that is loaded once; in the longer form, until native memory has taken its size, too. */
    private static final int WARM_UP = Math.max(5, SWAPS / 2);

    private static final boolean LONG = SWAPS >= 100;
    private static final List<String> BUNDLES = Stream.of(
                    Stream.of("forge.ai.provider.openai", "forge.ai.backend.onnx", "forge.ai.provider.local"),
                    // Where it is there, it is the one that serves.
                    Stream.of("forge.ai.backend.onnxffm")
                            .filter(b -> Runtime.version().feature() >= 22))
            .flatMap(bundles -> bundles)
            .toList();

    private static final String CONFIGURATION = "configuration";

    @TempDir
    static Path home;

    private final AtomicLong numbers = new AtomicLong();

    @Test
    void noCallIsLostAndNothingStaysBehind() throws Exception {
        Files.createDirectories(home.resolve("conf"));
        try (LoopbackLlm upstream = new LoopbackLlm()) {
            ConfigurationChanges configuration = new ConfigurationChanges(home, "up", upstream);
            configuration.write("org-0");
            try (ForgeProcess forge = ForgeProcess.start(home);
                    Inspector inspector = Inspector.attach(forge.pid())) {
                Shell shell = new Shell(home);
                SwapSeries swaps = swaps(configuration, shell);
                // Of the distribution each bundle stays installed beside what takes its place.
                AtRest rest = new AtRest(home, shell, inspector, shell.bundles().size() + BUNDLES.size());
                underLoad(forge, swaps, WARM_UP);
                AtRest.Seen before = calm(forge, swaps, rest);
                Tally tally = underLoad(forge, swaps, SWAPS);
                AtRest.Seen after = calm(forge, swaps, rest);
                System.out.printf("hot swap: %d calls, none wrong; %s%n", tally.right(), tally.line());
                System.out.printf("hot swap: before %s; after %s%n", before.footprint(), after.footprint());
                assertThat(upstream.repeated())
                        .as("requests that the upstream got twice")
                        .isZero();
                after.check(before, LONG);
            }
        }
    }

    private static SwapSeries swaps(ConfigurationChanges configuration, Shell shell) throws Exception {
        Map<String, Swaps> swaps = new TreeMap<>();
        for (String bundle : BUNDLES) {
            swaps.put(bundle, new BundleSwaps(bundle, home, shell));
        }
        swaps.put(CONFIGURATION, configuration);
        return new SwapSeries(swaps);
    }

    /** Swaps while all callers call, and checks what became of the calls. */
    private Tally underLoad(ForgeProcess forge, SwapSeries swaps, int times) throws Exception {
        Tally tally = new Tally();
        try (Wire wire = new Wire(forge.http());
                Callers callers = callers(wire, tally)) {
            assertThat(callers.count()).isEqualTo(32);
            Map<String, SwapTimes> took = swaps.run(times);
            System.out.println("hot swap: " + took);
            assertThat(took.get(CONFIGURATION).median()).isLessThan(Duration.ofSeconds(1));
        }
        assertThat(tally.reasons())
                .as("%d wrong of %d", tally.wrong(), tally.wrong() + tally.right())
                .isEmpty();
        assertThat(tally.kinds()).as("kinds of calls").hasSize(5);
        return tally;
    }

    /** Swaps once without a load, for the JVM drops some of what was collected when the next classes come. */
    private AtRest.Seen calm(ForgeProcess forge, SwapSeries swaps, AtRest rest) throws Exception {
        rest.await();
        Tally tally = new Tally();
        try (Wire wire = new Wire(forge.http());
                Callers one = new Callers(tally, numbers).start(1, "openai", chat(wire)::whole)) {
            swaps.run(1);
        }
        assertThat(tally.reasons()).isEmpty();
        return rest.await();
    }

    private static ChatCalls chat(Wire wire) {
        return new ChatCalls(wire, "up/" + LoopbackLlm.MODEL);
    }

    private Callers callers(Wire wire, Tally tally) throws Exception {
        ChatCalls chat = chat(wire);
        LocalCalls local = LocalCalls.learn(wire);
        DigitCalls digits = DigitCalls.learn(wire);
        return new Callers(tally, numbers)
                .start(8, "openai", chat::whole)
                .start(8, "openai-stream", chat::streamed)
                .start(4, "local", local::whole)
                .start(8, "local-stream", local::streamed)
                .start(4, "digits", digits::infer);
    }
}
