package forge.ai.runtime.support.onnx;

/** Ends a running call from another thread, and no other call that its runner makes later. */
final class RunControl {

    private final OnnxRunner<?> runner;
    private boolean over;
    private boolean terminated;

    RunControl(OnnxRunner<?> runner) {
        this.runner = runner;
    }

    synchronized void terminate() {
        if (!over && !terminated) {
            terminated = true;
            runner.terminate();
        }
    }

    /** The call is through; whether it was ended early. */
    synchronized boolean end() {
        over = true;
        return terminated;
    }
}
