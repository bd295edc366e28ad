package forge.ai.runtime.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The threads of this JVM at one moment, virtual ones too. Left out are those of the JVM, of the test itself, and those
 * that a library keeps for all its users.
 */
public final class ThreadCensus {

    private static final Pattern NOT_COUNTED = Pattern.compile("ForkJoinPool.*|VirtualThread-.*|.*-Poller.*"
            + "|Common-Cleaner|Finalizer|Reference Handler|Signal Dispatcher|process reaper.*|Attach Listener"
            + "|OkHttp TaskRunner|Okio Watchdog|junit.*|surefire.*");
    private static final String OF_THE_TEST = ScriptedUpstream.class.getName();

    private final Map<Long, String> threads;

    private ThreadCensus(Map<Long, String> threads) {
        this.threads = threads;
    }

    /** The threads that are there now. */
    public static ThreadCensus now() throws IOException {
        Path folder = Files.createTempDirectory("threads");
        Path file = folder.resolve("threads.json").toAbsolutePath();
        try {
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(file.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON);
            return new ThreadCensus(read(new ObjectMapper().readTree(file.toFile())));
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    private static Map<Long, String> read(JsonNode dump) {
        Map<Long, String> threads = new TreeMap<>();
        for (JsonNode container : dump.path("threadDump").path("threadContainers")) {
            for (JsonNode thread : container.path("threads")) {
                String name = thread.path("name").asText();
                String stack = thread.path("stack").toString();
                if (!NOT_COUNTED.matcher(name).matches() && !stack.contains(OF_THE_TEST)) {
                    threads.put(thread.path("tid").asLong(), name + " " + stack);
                }
            }
        }
        if (threads.isEmpty()) {
            throw new IllegalStateException("a dump of threads without threads: " + dump);
        }
        return threads;
    }

    /** Waits until no thread is left that was not there at this census; fails with what they do at the limit. */
    public void awaitNoOthers(Duration limit) throws IOException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        Map<Long, String> others = others();
        while (!others.isEmpty()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("threads left behind after " + limit + ": " + others.values());
            }
            Thread.onSpinWait();
            others = others();
        }
    }

    private Map<Long, String> others() throws IOException {
        Map<Long, String> others = new TreeMap<>(now().threads);
        others.keySet().removeAll(threads.keySet());
        return others;
    }
}
