package forge.ai.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's tour does what it says: each command is run as written, only with another home and port. */
class TourIT {

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(sh|text|java)\\n(.*?)^```$");
    private static final long LIMIT_SECONDS = 10;

    /** A command and what it should print; {@code …} stands for anything. */
    private record Step(String command, String expected) {}

    @Test
    void everyCommandOfTheTourWorksAsWritten(@TempDir Path home) throws Exception {
        List<Step> steps = tour();
        assertThat(steps).hasSizeGreaterThan(8);
        try (ForgeProcess forge = ForgeProcess.start(home)) {
            for (Step step : steps) {
                check(step, forge);
            }
        }
    }

    @Test
    void theConsumerShownIsTheOneDeployed() throws IOException {
        String shown = blocks(readme(), "java").getFirst();
        assertThat(ForgeProcess.root()
                        .resolve("features/examples/consumer/src/main/java/forge/ai/example/consumer/AskCommand.java"))
                .content()
                .endsWith(shown);
    }

    /** What was written to a folder is in force a moment later, so a command is repeated for a while. */
    private static void check(Step step, ForgeProcess forge) throws Exception {
        String printed = "";
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        do {
            printed = run(step.command(), forge);
        } while (!matches(printed, step.expected()) && System.nanoTime() < end);
        assertThat(matches(printed, step.expected()))
                .as("%s%n%s%nexpected%n%s", step.command(), printed, step.expected())
                .isTrue();
    }

    private static String run(String command, ForgeProcess forge) throws Exception {
        String adapted = command.replace(
                        "http://127.0.0.1:8080", forge.http().toString().replaceAll("/$", ""))
                .replace(" home/", " " + forge.home() + "/");
        ProcessBuilder builder = new ProcessBuilder("bash", "-euo", "pipefail", "-c", adapted)
                .directory(ForgeProcess.root().toFile())
                .redirectErrorStream(true);
        builder.environment().put("FORGE_HOME", forge.home().toString());
        Process process = builder.start();
        try (InputStream in = process.getInputStream()) {
            String printed = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
            return printed;
        }
    }

    private static boolean matches(String printed, String expected) {
        String pattern = Arrays.stream(expected.strip().split("…", -1))
                .map(Pattern::quote)
                .collect(Collectors.joining(".*"));
        return Pattern.compile(pattern, Pattern.DOTALL).matcher(printed.strip()).matches();
    }

    /** The commands below the heading of the tour; one without a block of text after it prints nothing. */
    private static List<Step> tour() throws IOException {
        String readme = readme();
        String tour = readme.substring(readme.indexOf("## Five minutes"), readme.indexOf("## Security"));
        List<Step> steps = new ArrayList<>();
        Matcher block = BLOCK.matcher(tour);
        while (block.find()) {
            switch (block.group(1)) {
                case "sh" -> steps.add(new Step(block.group(2), ""));
                case "text" -> steps.add(new Step(steps.removeLast().command(), block.group(2)));
                default -> {}
            }
        }
        return steps;
    }

    private static List<String> blocks(String text, String language) {
        return BLOCK.matcher(text)
                .results()
                .filter(b -> b.group(1).equals(language))
                .map(b -> b.group(2))
                .toList();
    }

    private static String readme() throws IOException {
        return Files.readString(ForgeProcess.root().resolve("README.md"));
    }
}
