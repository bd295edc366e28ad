package forge.ai.backend.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.RunOptions;
import forge.ai.runtime.support.onnx.OnnxFailure;
import forge.ai.runtime.support.onnx.OnnxRunner;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Runs a session of the Java interface. */
final class JniRunner implements OnnxRunner<OnnxValue> {

    private final OrtSession session;
    private final RunOptions options;

    JniRunner(OrtSession session) throws OrtException {
        this.session = session;
        this.options = new RunOptions();
    }

    /** What the result holds is not closed with it, but by the caller. */
    @Override
    @SuppressWarnings("resource")
    public void run(List<String> names, List<OnnxValue> inputs, List<String> wanted, List<@Nullable OnnxValue> outputs)
            throws OnnxFailure {
        Map<String, OnnxTensor> given = LinkedHashMap.newLinkedHashMap(names.size());
        for (int i = 0; i < names.size(); i++) {
            given.put(names.get(i), (OnnxTensor) inputs.get(i));
        }
        Set<String> made = new LinkedHashSet<>();
        Map<String, OnnxValue> pinned = new LinkedHashMap<>();
        for (int i = 0; i < wanted.size(); i++) {
            OnnxValue output = outputs.get(i);
            if (output == null) {
                made.add(wanted.get(i));
            } else {
                pinned.put(wanted.get(i), output);
            }
        }
        try {
            OrtSession.Result result = session.run(given, made, pinned, options);
            for (int i = 0; i < wanted.size(); i++) {
                if (outputs.get(i) == null) {
                    outputs.set(i, result.get(wanted.get(i)).orElseThrow());
                }
            }
        } catch (OrtException e) {
            throw JniBinding.failure(e);
        }
    }

    @Override
    public void terminate() {
        try {
            options.setTerminate(true);
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        options.close();
    }
}
