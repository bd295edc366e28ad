package forge.ai.lib.onnxruntime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import forge.ai.runtime.support.natives.NativeFiles;
import forge.ai.runtime.support.natives.ProcessEnvironment;
import java.io.IOException;
import java.nio.file.Path;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/** Loads the native library, with its telemetry off; it stays loaded until the process ends. */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class OnnxRuntimeActivator implements BundleActivator {

    private static final String NATIVE_PATH = "onnxruntime.native.path";

    @Override
    public void start(BundleContext context) throws IOException {
        // Read by the native library as it loads: later is too late, and its own switch leaves a device id behind.
        ProcessEnvironment.set("ORT_DISABLE_TELEMETRY", "1");
        if (System.getProperty(NATIVE_PATH) == null) {
            Bundle bundle = context.getBundle();
            Path natives = NativeFiles.unpack(
                    bundle,
                    "ai/onnxruntime/native/" + platform(),
                    bundle.getHeaders().get("Forge-Natives"));
            System.setProperty(NATIVE_PATH, natives.toString());
        }
        try {
            // What goes wrong comes as an exception; its warnings are about how a model was exported.
            OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "onnxruntime");
        } catch (LinkageError e) {
            throw new IllegalStateException(
                    "ONNX Runtime cannot be loaded; if it ran before in this process, restart the process", e);
        }
    }

    @Override
    public void stop(BundleContext context) {
        // A native library cannot be unloaded.
    }

    /** As the library names its folders. */
    private static String platform() {
        String arch = System.getProperty("os.arch");
        return NativeFiles.operatingSystem() + "-" + (arch.equals("amd64") || arch.equals("x86_64") ? "x64" : arch);
    }
}
