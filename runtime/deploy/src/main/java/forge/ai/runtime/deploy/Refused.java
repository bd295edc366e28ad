package forge.ai.runtime.deploy;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleException;

/** Something put in cannot be used; the message is the reason, in one line for people. */
final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** The numbers that the framework gives to a bundle differ with each attempt, so the reason would. */
    private static final Pattern NUMBERS = Pattern.compile(" \\[\\d+]\\(R [\\d.]+\\)");

    /** Says once more what was said before it. */
    private static final Pattern SUMMARY = Pattern.compile(" Unresolved requirements: \\[.*", Pattern.DOTALL);

    /** Something is lacking that may come later. */
    private final boolean unresolved;

    Refused(String reason) {
        this(reason, null, false);
    }

    Refused(String reason, Throwable cause) {
        this(reason, cause, false);
    }

    private Refused(String reason, @Nullable Throwable cause, boolean unresolved) {
        super(line(reason), cause);
        this.unresolved = unresolved;
    }

    /** That a bundle could not be installed or started. */
    static Refused of(String what, BundleException e) {
        boolean unresolved = e.getType() == BundleException.RESOLVE_ERROR;
        Throwable told = e.getCause() != null && e.getType() == BundleException.ACTIVATOR_ERROR ? e.getCause() : e;
        String said = said(told);
        if (unresolved) {
            said = SUMMARY.matcher(NUMBERS.matcher(said).replaceAll("")).replaceAll("");
        }
        return new Refused(what + ": " + said, e, unresolved);
    }

    /** That something is not there which may come later. */
    static Refused missing(String reason) {
        return new Refused(reason, null, true);
    }

    /** What an exception says, or at least what it is. */
    static String said(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    boolean unresolved() {
        return unresolved;
    }

    private static String line(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", "; ");
    }
}
