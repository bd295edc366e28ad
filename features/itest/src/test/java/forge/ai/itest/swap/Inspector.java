package forge.ai.itest.swap;

import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** Looks into the JVM of a runtime from outside. */
final class Inspector implements AutoCloseable {

    private static final Pattern LOADERS = Pattern.compile("Total = (\\d+)");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final long REST_BYTES = 1 << 20;
    private static final long REST_NANOS = 1_000_000_000;
    private static final Duration SETTLE = Duration.ofSeconds(20);

    private final long pid;
    private final JMXConnector connector;
    private final MBeanServerConnection server;
    private final MemoryMXBean memory;
    private final ClassLoadingMXBean classes;

    private Inspector(long pid, JMXConnector connector) throws IOException {
        this.pid = pid;
        this.connector = connector;
        this.server = connector.getMBeanServerConnection();
        this.memory = ManagementFactory.getPlatformMXBean(server, MemoryMXBean.class);
        this.classes = ManagementFactory.getPlatformMXBean(server, ClassLoadingMXBean.class);
    }

    static Inspector attach(long pid) throws Exception {
        VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
        try {
            String address = machine.startLocalManagementAgent();
            return new Inspector(pid, JMXConnectorFactory.connect(new JMXServiceURL(address)));
        } finally {
            machine.detach();
        }
    }

    /** Collects garbage until no more classes go, and tells what is left. */
    Footprint footprint() throws Exception {
        long[] before = {Long.MAX_VALUE};
        Await.until("the number of classes at rest", SETTLE, () -> settled(before), () -> before[0] + " classes");
        // What malloc keeps free for itself is not in use.
        diagnose("systemTrimNativeHeap");
        long resident = residentAtRest();
        return new Footprint(
                classes.getLoadedClassCount(),
                loaders(),
                metaspace(),
                memory.getHeapMemoryUsage().getUsed(),
                ManagementFactory.getPlatformMXBean(server, ThreadMXBean.class).getThreadCount(),
                resident,
                resident - memory.getHeapMemoryUsage().getCommitted() - code());
    }

    private boolean settled(long[] before) {
        memory.gc();
        long now = classes.getLoadedClassCount();
        boolean settled = now >= before[0];
        before[0] = now;
        return settled;
    }

    /** The loaders of classes with the classes of each, as the JVM lists them. */
    String loaderTable() throws Exception {
        return diagnose("vmClassloaderStats");
    }

    private String diagnose(String command) throws Exception {
        return (String) server.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), command, null, null);
    }

    private long loaders() throws Exception {
        return number(LOADERS, loaderTable());
    }

    private long metaspace() throws IOException {
        return pools("Metaspace").mapToLong(p -> p.getUsage().getUsed()).sum();
    }

    private long code() throws IOException {
        return pools("Code").mapToLong(p -> p.getUsage().getCommitted()).sum();
    }

    private Stream<MemoryPoolMXBean> pools(String name) throws IOException {
        return ManagementFactory.getPlatformMXBeans(server, MemoryPoolMXBean.class).stream()
                .filter(pool -> pool.getName().startsWith(name));
    }

    /** What was collected is given back in the background. */
    private long residentAtRest() throws Exception {
        long[] lowest = {Long.MAX_VALUE};
        long[] since = {System.nanoTime()};
        Await.until("the memory at rest", SETTLE, () -> rests(lowest, since), () -> lowest[0] + " bytes");
        return lowest[0];
    }

    private boolean rests(long[] lowest, long[] since) throws IOException {
        long now = resident();
        if (now < lowest[0]) {
            since[0] = lowest[0] - now > REST_BYTES ? System.nanoTime() : since[0];
            lowest[0] = now;
        }
        return System.nanoTime() - since[0] > REST_NANOS;
    }

    private long resident() throws IOException {
        return number(RESIDENT, Files.readString(Path.of("/proc/" + pid + "/status"))) * 1024;
    }

    private static long number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new AssertionError("no " + pattern + " in " + text);
        }
        return Long.parseLong(matcher.group(1));
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
