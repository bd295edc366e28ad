package forge.ai.runtime.launcher;

import forge.ai.console.channel.client.ExecClient;
import forge.ai.console.channel.client.ShellClient;
import java.io.PrintStream;
import java.util.List;

/** The command line. */
public final class Main {

    private static final int LEAST_JAVA = 21;

    private static final String HELP = """
            ./forge run [--home DIR] [--http HOST:PORT] [--grpc HOST:PORT] [--feature NAME ...] [--shell]
                                     starts the runtime here; Ctrl-C ends it
            ./forge exec [--home DIR] 'COMMAND'
                                     runs a shell command in the running runtime; 'ai:help' lists them
            ./forge shell [--home DIR]
                                     opens the shell of the running runtime
            """;

    private Main() {}

    public static void main(String[] arguments) {
        // Standard output is for what was asked for; whatever else prints there is log.
        PrintStream out = System.out;
        System.setOut(System.err);
        int status = status(List.of(arguments), out);
        System.exit(status);
    }

    private static int status(List<String> arguments, PrintStream out) {
        try {
            requireJava();
            return run(arguments, out);
        } catch (Exit e) {
            System.err.println("forge: " + e.getMessage());
            return e.status();
        } catch (Exception e) {
            System.err.println("forge: " + e);
            return Exit.FAILED;
        }
    }

    private static void requireJava() {
        if (Runtime.version().feature() < LEAST_JAVA) {
            throw new Exit(
                    Exit.NO_JAVA,
                    "Java " + LEAST_JAVA + " or later is needed; this is " + Runtime.version() + " in "
                            + System.getProperty("java.home"));
        }
    }

    private static int run(List<String> arguments, PrintStream out) throws Exception {
        String command = arguments.isEmpty() ? "help" : arguments.get(0);
        List<String> rest = arguments.isEmpty() ? List.of() : arguments.subList(1, arguments.size());
        switch (command) {
            case "run" -> new Run(Options.parse(rest), out).run();
            case "exec" -> {
                return exec(Options.parse(rest), out);
            }
            case "shell" -> {
                return ShellClient.shell(Options.parse(rest).home(), System.in, out, System.err);
            }
            case "help", "--help", "-h" -> out.print(HELP);
            default -> throw Exit.failed("unknown command " + command + "; ./forge help lists them");
        }
        return 0;
    }

    private static int exec(Options options, PrintStream out) {
        if (options.rest().size() != 1) {
            throw Exit.failed("exec takes one command in quotes, as in ./forge exec 'ai:models'");
        }
        return ExecClient.exec(options.home(), options.rest().get(0), out, System.err);
    }
}
