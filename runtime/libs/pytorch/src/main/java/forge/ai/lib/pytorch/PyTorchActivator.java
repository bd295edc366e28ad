package forge.ai.lib.pytorch;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import forge.ai.runtime.support.natives.NativeFiles;
import java.io.IOException;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/** Loads the native library, offline; it stays loaded until the process ends. */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class PyTorchActivator implements BundleActivator {

    private static final String NATIVE_PATH = "PYTORCH_LIBRARY_PATH";

    @Override
    public void start(BundleContext context) throws IOException {
        // Else each model asks the cloud it runs in for its name and reports it, and what is missing is downloaded.
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        Bundle bundle = context.getBundle();
        if (System.getProperty(NATIVE_PATH) == null) {
            String natives = "native/" + NativeFiles.operatingSystem() + "-" + NativeFiles.architecture();
            String version = bundle.getHeaders().get("Forge-Natives");
            System.setProperty(
                    NATIVE_PATH, NativeFiles.unpack(bundle, natives, version).toString());
            System.setProperty("PYTORCH_FLAVOR", "cpu");
        }
        setIfAbsent("DJL_CACHE_DIR", bundle.getDataFile("djl").getPath());
        // Each model sets its own number; what starts threads before that must not take all cores.
        setIfAbsent("ai.djl.pytorch.num_threads", "1");
        setIfAbsent(
                "ai.djl.pytorch.num_interop_threads",
                Integer.toString(Runtime.getRuntime().availableProcessors()));
        load();
    }

    /** It looks for its engine and its version there at the first touch. */
    private static void load() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(Engine.class.getClassLoader());
        try {
            Engine.getEngine("PyTorch");
        } catch (EngineException | LinkageError e) {
            throw new IllegalStateException(
                    "PyTorch cannot be loaded; if it ran before in this process, restart the process", e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static void setIfAbsent(String key, String value) {
        if (System.getProperty(key) == null) {
            System.setProperty(key, value);
        }
    }

    @Override
    public void stop(BundleContext context) {
        // A native library cannot be unloaded.
    }
}
