package forge.ai.itest.swap;

/** An answer that is not what was asked for: failed, truncated, doubled or somebody else's. */
final class WrongAnswer extends Exception {

    private static final long serialVersionUID = 1;

    WrongAnswer(String message) {
        super(message);
    }

    static void unless(boolean right, String what, Object got) throws WrongAnswer {
        if (!right) {
            String text = String.valueOf(got);
            throw new WrongAnswer(what + ": " + (text.length() <= 400 ? text : text.substring(0, 400) + "..."));
        }
    }
}
