package forge.ai.console.channel;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Completes the names of commands, and their words where the scope of a command offers the function {@code _complete}:
 * given the name of the command and its words up to the cursor, it returns what the last one could become.
 */
final class CommandCompleter implements Completer {

    private static final Logger LOG = LoggerFactory.getLogger(CommandCompleter.class);
    private static final String FUNCTION = "_complete";
    private static final String FIRST_SCOPE = "ai";
    private static final long LIMIT_SECONDS = 2;

    private final CommandSession session;

    CommandCompleter(CommandSession session) {
        this.session = session;
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        if (line.wordIndex() == 0) {
            names(candidates);
        } else {
            words(resolve(line.words().get(0)), line, candidates);
        }
    }

    @SuppressWarnings("unchecked")
    private Set<String> commands() {
        return (Set<String>) session.get(".commands");
    }

    private void names(List<Candidate> candidates) {
        for (String command : commands()) {
            String name = command.substring(command.indexOf(':') + 1);
            if (!name.startsWith("_")) {
                candidates.add(new Candidate(command));
                if (command.startsWith(FIRST_SCOPE + ":")) {
                    candidates.add(new Candidate(name));
                }
            }
        }
    }

    /** With its scope, as Gogo finds it; the same if there is none. */
    private String resolve(String name) {
        if (name.contains(":")) {
            return name;
        }
        String first = FIRST_SCOPE + ":" + name;
        return commands().contains(first)
                ? first
                : commands().stream()
                        .filter(command -> command.endsWith(":" + name))
                        .findFirst()
                        .orElse(name);
    }

    private void words(String command, ParsedLine line, List<Candidate> candidates) {
        int colon = command.indexOf(':');
        Object function = colon < 0 ? null : session.get(command.substring(0, colon + 1) + FUNCTION);
        if (function instanceof Function) {
            List<Object> words = new ArrayList<>(line.words().subList(1, line.wordIndex()));
            words.add(0, command.substring(colon + 1));
            words.add(line.word().substring(0, line.wordCursor()));
            // What ends in a sign is to be gone on with.
            ask((Function) function, words)
                    .forEach(word -> candidates.add(new Candidate(
                            word, word, null, null, null, null, !(word.endsWith("=") || word.endsWith("/")))));
        }
    }

    /** Bounded, for providers may be asked for their models. */
    private List<String> ask(Function function, List<Object> words) {
        FutureTask<Object> answer = new FutureTask<>(() -> function.execute(session, words));
        Thread thread = new Thread(answer, "forge-console-complete");
        thread.setDaemon(true);
        thread.start();
        try {
            Object found = answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            return found instanceof Collection<?> all
                    ? all.stream().map(Object::toString).toList()
                    : List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("no completions", e);
        }
        answer.cancel(true);
        return List.of();
    }
}
