package forge.ai.lib.tensorflow;

import forge.ai.runtime.support.natives.NativeFiles;
import forge.ai.runtime.support.natives.ProcessEnvironment;
import java.io.IOException;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.tensorflow.TensorFlow;

/** Loads the native library; it stays loaded until the process ends. */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class TensorFlowActivator implements BundleActivator {

    private static final String NATIVE_PATH = "org.bytedeco.javacpp.platform.preloadpath";

    @Override
    public void start(BundleContext context) throws IOException {
        // Read by the native library. Else the first session's number of threads is that of all.
        ProcessEnvironment.set("TF_OVERRIDE_GLOBAL_THREADPOOL", "1");
        // What goes wrong comes as an exception.
        ProcessEnvironment.set("TF_CPP_MIN_LOG_LEVEL", "3");
        Bundle bundle = context.getBundle();
        if (System.getProperty(NATIVE_PATH) == null) {
            String natives = "native/" + NativeFiles.operatingSystem() + "-" + NativeFiles.architecture();
            String version = bundle.getHeaders().get("Forge-Natives");
            System.setProperty(
                    NATIVE_PATH, NativeFiles.unpack(bundle, natives, version).toString());
        }
        System.setProperty(
                "org.bytedeco.javacpp.cachedir", bundle.getDataFile("javacpp").getPath());
        // It counts the memory of the whole process, models of other libraries included, and would refuse to go on.
        System.setProperty("org.bytedeco.javacpp.maxBytes", "0");
        System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        try {
            TensorFlow.version();
        } catch (LinkageError e) {
            throw new IllegalStateException(
                    "TensorFlow cannot be loaded; if it ran before in this process, restart the process", e);
        }
    }

    @Override
    public void stop(BundleContext context) {
        // A native library cannot be unloaded.
    }
}
