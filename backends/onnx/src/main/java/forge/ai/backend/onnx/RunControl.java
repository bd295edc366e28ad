package forge.ai.backend.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;

/** Ends a running call from another thread. */
final class RunControl implements AutoCloseable {

    private final RunOptions options;
    private boolean closed;
    private boolean terminated;

    RunControl() throws OrtException {
        options = new RunOptions();
    }

    RunOptions options() {
        return options;
    }

    synchronized void terminate() {
        if (!closed && !terminated) {
            terminated = true;
            try {
                options.setTerminate(true);
            } catch (OrtException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    synchronized boolean terminated() {
        return terminated;
    }

    @Override
    public synchronized void close() {
        closed = true;
        options.close();
    }
}
