package forge.ai.runtime.models;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What this process has in memory. */
final class ProcessMemory {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final int KIB = 1024;

    private ProcessMemory() {}

    /** The resident bytes without the heap of Java; 0 where the system does not tell. */
    static long outsideTheHeap() {
        try (Stream<String> lines = Files.lines(STATUS)) {
            long resident = lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
                    .findFirst()
                    .orElse(0);
            return resident
                    - ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted();
        } catch (IOException e) {
            return 0;
        }
    }
}
