package forge.ai.runtime.inference;

/**
 * Lets other virtual threads have the carrier now and then. Callers that do nothing but compute never wait, and so
 * would never give it up: others, which may hold models that are to be closed, would not get on.
 */
final class Courtesy {

    private static final int EACH = 16;

    /** Written by many threads without order: about every so many calls is often enough. */
    private int calls;

    void afterCall() {
        if (++calls % EACH == 0 && Thread.currentThread().isVirtual()) {
            Thread.yield();
        }
    }
}
