package forge.ai.itest.swap;

/** A prompt that no other call has: who asks, and the how manieth time. */
record Prompt(String caller, long number) {

    static Prompt of(String text) {
        int at = text.lastIndexOf('#');
        return new Prompt(text.substring(0, at), Long.parseLong(text.substring(at + 1)));
    }

    String text() {
        return caller + "#" + number;
    }
}
