package forge.ai.lib.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Map;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Stands for a bundle that imports the library: computes the digits model on a white image when it starts. */
public final class DigitsProbe implements BundleActivator {

    @Override
    public void start(BundleContext context) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(System.getProperty("probe.model"));
                OnnxTensor image =
                        OnnxTensor.createTensor(environment, FloatBuffer.allocate(64), new long[] {1, 1, 8, 8});
                OrtSession.Result result = session.run(Map.of("image", image))) {
            System.setProperty(
                    "probe.logits", ((OnnxTensor) result.get(0)).getInfo().toString());
        }
    }

    @Override
    public void stop(BundleContext context) {}
}
