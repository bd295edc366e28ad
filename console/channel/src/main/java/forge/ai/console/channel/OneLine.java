package forge.ai.console.channel;

/** An exception in one line for people. */
final class OneLine {

    private OneLine() {}

    static String of(Throwable e) {
        String name = e.getClass().getSimpleName();
        if (name.equals("CommandNotFoundException")) {
            return "there is no command " + afterColon(e.getMessage()) + "; help lists those there are";
        }
        String message = String.valueOf(e.getMessage()).strip();
        return e.getMessage() == null || message.isEmpty() ? name : message.replaceAll("\\s*\\R\\s*", " ");
    }

    private static String afterColon(String message) {
        return message.substring(message.lastIndexOf(": ") + 1).strip();
    }
}
