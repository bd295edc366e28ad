package forge.ai.runtime.inference;

import java.util.concurrent.locks.LockSupport;

/**
 * Lets other virtual threads run now and then. Callers that do nothing but compute never wait, and so would keep their
 * carriers for themselves: others, which may hold models that are to be closed, would not get on.
 */
final class Courtesy {

    private static final int EACH = 64;

    /** Written by many threads without order: about every so many calls is often enough. */
    private int calls;

    void afterCall() {
        if (++calls % EACH == 0 && Thread.currentThread().isVirtual()) {
            // Not yield(): the thread would stay in its carrier's own queue, which goes before the common one.
            LockSupport.parkNanos(1);
        }
    }
}
