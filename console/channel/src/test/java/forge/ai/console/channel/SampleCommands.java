package forge.ai.console.channel;

import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.felix.service.command.CommandSession;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** A bundle with commands of every kind: that answer, fail, print much, and do not end. */
public final class SampleCommands implements BundleActivator {

    private static final String[] FUNCTIONS = {
        "say", "fail", "quiet", "both", "flood", "width", "hang", "length", "_complete"
    };

    @Override
    public void start(BundleContext context) {
        context.registerService(
                SampleCommands.class,
                this,
                new Hashtable<>(Map.of("osgi.command.scope", "sample", "osgi.command.function", FUNCTIONS)));
    }

    @Override
    public void stop(BundleContext context) {}

    public String say(String text) {
        return text;
    }

    /** What words of {@code say} could become. */
    public List<String> _complete(String command, String word) {
        return command.equals("say") ? List.of("carrot", "onion") : List.of();
    }

    public void fail(String message) {
        throw new IllegalStateException(message + "\n  and more");
    }

    public void quiet() {}

    public void both() {
        System.out.println("to out");
        System.err.println("to err");
    }

    public void flood(int lines) {
        for (int i = 0; i < lines; i++) {
            System.out.println("line " + i);
        }
    }

    public Object width(CommandSession session) {
        return session.get("COLUMNS");
    }

    public int length(String text) {
        return text.length();
    }

    /** Says that it hangs, and when it was interrupted by the system property {@code sample.interrupted}. */
    public void hang() throws InterruptedException {
        System.out.println("hanging");
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            System.setProperty("sample.interrupted", "yes");
            throw e;
        }
    }
}
