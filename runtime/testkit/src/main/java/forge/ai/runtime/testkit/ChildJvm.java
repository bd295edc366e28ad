package forge.ai.runtime.testkit;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A JVM of its own with the class path of the test, to see what code writes outside of the folders it was given.
 *
 * @param home its empty home folder, by {@code HOME} and {@code user.home}
 * @param temp its temporary folder
 * @param pid its process id
 * @param exit its exit status
 * @param output the lines that it printed
 */
public record ChildJvm(Path home, Path temp, long pid, int exit, List<String> output) {

    /** What a child does. */
    @FunctionalInterface
    public interface Work {
        void run(String... arguments) throws Exception;
    }

    /**
     * Runs work to its end, at most a minute, and then halts the JVM as a crash would.
     *
     * @param folder takes its home and temporary folder
     * @param work a class with a constructor without parameters
     */
    public static ChildJvm run(Path folder, Class<? extends Work> work, String... arguments)
            throws IOException, InterruptedException {
        Path home = Files.createDirectories(folder.resolve("home"));
        Path temp = Files.createDirectories(folder.resolve("tmp"));
        Path log = folder.resolve("output.txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dstdout.encoding=UTF-8",
                "-Duser.home=" + home,
                "-Djava.io.tmpdir=" + temp,
                "-cp",
                System.getProperty("java.class.path"),
                ChildJvm.class.getName(),
                work.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().clear();
        builder.environment().put("HOME", home.toString());
        builder.environment().put("TMPDIR", temp.toString());
        Process process = builder.start();
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IllegalStateException("no end within a minute: " + Files.readString(log));
        }
        return new ChildJvm(
                home, temp, process.pid(), process.exitValue(), Files.readAllLines(log, StandardCharsets.UTF_8));
    }

    /** The child: the name of the class to run, then its arguments. */
    public static void main(String[] arguments) {
        int exit = 0;
        try {
            Constructor<?> constructor = Class.forName(arguments[0]).getDeclaredConstructor();
            constructor.setAccessible(true);
            ((Work) constructor.newInstance()).run(Arrays.copyOfRange(arguments, 1, arguments.length));
        } catch (Throwable e) {
            e.printStackTrace();
            exit = 1;
        }
        Runtime.getRuntime().halt(exit);
    }

    /** The regular files in both folders. */
    public List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path folder : List.of(home, temp)) {
            try (Stream<Path> all = Files.walk(folder)) {
                all.filter(Files::isRegularFile).forEach(files::add);
            }
        }
        return files;
    }

    /** For the child itself: what its open file descriptors lead to, such as files and sockets; Linux only. */
    public static List<String> openFiles() throws IOException {
        List<String> targets = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                // The one of this very listing is gone by now.
                if (Files.exists(descriptor, LinkOption.NOFOLLOW_LINKS)) {
                    targets.add(Files.readSymbolicLink(descriptor).toString());
                }
            }
        }
        return targets;
    }
}
