package forge.ai.runtime.testkit.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** What this process holds of the machine's memory; Linux only. */
public final class ResidentMemory {

    private static final Path STATUS = Path.of("/proc/self/status");

    private ResidentMemory() {}

    /** In bytes, after a collection of garbage; the test is skipped where it cannot be known. */
    public static long bytes() throws IOException {
        Assumptions.assumeTrue(Files.exists(STATUS), "no /proc");
        System.gc();
        String line = Files.readAllLines(STATUS).stream()
                .filter(l -> l.startsWith("VmRSS:"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
    }
}
