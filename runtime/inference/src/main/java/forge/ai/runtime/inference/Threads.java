package forge.ai.runtime.inference;

/** Gives threads to compute in. */
interface Threads {

    /**
     * Has a thread of its own do it.
     *
     * @param brief whether it is so short that a virtual thread may do it, which blocks its carrier: that is cheaper, for
     *     the callers that it wakes run on the same carriers
     * @throws java.util.concurrent.RejectedExecutionException if there is no thread to be had
     */
    void start(Runnable task, boolean brief);
}
