package forge.ai.runtime.monitoring;

import forge.ai.api.monitoring.Metric.Kind;
import forge.ai.api.monitoring.Telemetry;
import forge.ai.api.monitoring.Telemetry.Observer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** How the process does: all of it is looked at only when somebody asks. */
@Component(
        service = {},
        immediate = true)
public final class JvmMetrics {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private final List<AutoCloseable> observed;

    @Activate
    public JvmMetrics(@Reference Telemetry to) {
        observed = List.of(
                to.observe(
                        Kind.UP_DOWN_COUNTER, "jvm.memory.used", "By", "Memory in use", memory(MemoryUsage::getUsed)),
                to.observe(
                        Kind.UP_DOWN_COUNTER,
                        "jvm.memory.committed",
                        "By",
                        "Memory that the JVM holds for use",
                        memory(MemoryUsage::getCommitted)),
                to.observe(
                        Kind.UP_DOWN_COUNTER,
                        "jvm.memory.limit",
                        "By",
                        "The most memory there can be",
                        memory(MemoryUsage::getMax)),
                to.observe(
                        Kind.COUNTER,
                        "forge.jvm.gc.time",
                        "s",
                        "Time spent on garbage collection",
                        gc(JvmMetrics::time)),
                to.observe(Kind.COUNTER, "forge.jvm.gc.collections", "{collection}", "Garbage collections", gc(bean ->
                        (double) bean.getCollectionCount())),
                to.observe(
                        Kind.UP_DOWN_COUNTER,
                        "jvm.thread.count",
                        "{thread}",
                        "Platform threads",
                        now -> now.is(ManagementFactory.getThreadMXBean().getThreadCount())),
                to.observe(
                        Kind.UP_DOWN_COUNTER,
                        "jvm.class.count",
                        "{class}",
                        "Classes that are loaded",
                        now -> now.is(ManagementFactory.getClassLoadingMXBean().getLoadedClassCount())),
                to.observe(Kind.COUNTER, "jvm.cpu.time", "s", "CPU time of the process", JvmMetrics::cpu),
                to.observe(
                        Kind.UP_DOWN_COUNTER,
                        "jvm.cpu.count",
                        "{cpu}",
                        "Processors that the process may use",
                        now -> now.is(Runtime.getRuntime().availableProcessors())),
                to.observe(Kind.GAUGE, "process.uptime", "s", "Time since the process began", JvmMetrics::uptime),
                to.observe(
                        Kind.UP_DOWN_COUNTER,
                        "process.memory.usage",
                        "By",
                        "Memory that the process has in the machine's (RSS)",
                        JvmMetrics::resident),
                to.observe(
                        Kind.UP_DOWN_COUNTER,
                        "process.open_file_descriptor.count",
                        "{file_descriptor}",
                        "Files and sockets that are open",
                        JvmMetrics::descriptors));
    }

    @Deactivate
    void deactivate() throws Exception {
        for (AutoCloseable one : observed) {
            one.close();
        }
    }

    private static Consumer<Observer> memory(ToLongFunction<MemoryUsage> what) {
        return now -> {
            for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
                MemoryUsage usage = pool.getUsage();
                // -1 where there is no limit.
                if (usage != null && what.applyAsLong(usage) >= 0) {
                    String type = pool.getType() == MemoryType.HEAP ? "heap" : "non_heap";
                    now.is(what.applyAsLong(usage), "jvm.memory.type", type, "jvm.memory.pool.name", pool.getName());
                }
            }
        };
    }

    private static double time(GarbageCollectorMXBean bean) {
        return bean.getCollectionTime() / (double) TimeUnit.SECONDS.toMillis(1);
    }

    private static Consumer<Observer> gc(ToDoubleFunction<GarbageCollectorMXBean> what) {
        return now -> ManagementFactory.getGarbageCollectorMXBeans()
                .forEach(bean -> now.is(Math.max(0, what.applyAsDouble(bean)), "jvm.gc.name", bean.getName()));
    }

    private static void cpu(Observer now) {
        ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .ifPresent(time -> now.is(time.toNanos() / (double) TimeUnit.SECONDS.toNanos(1)));
    }

    private static void uptime(Observer now) {
        long millis = ManagementFactory.getRuntimeMXBean().getUptime();
        now.is(millis / (double) TimeUnit.SECONDS.toMillis(1));
    }

    private static void resident(Observer now) {
        if (!Files.exists(STATUS)) {
            return;
        }
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith("VmRSS:")) {
                    now.is(Long.parseLong(line.replaceAll("\\D", "")) * 1024);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void descriptors(Observer now) {
        String[] open = DESCRIPTORS.toFile().list();
        if (open != null) {
            now.is(open.length);
        }
    }
}
