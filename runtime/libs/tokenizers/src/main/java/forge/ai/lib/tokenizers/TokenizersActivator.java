package forge.ai.lib.tokenizers;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import forge.ai.runtime.support.natives.NativeFiles;
import java.io.IOException;
import java.nio.file.Path;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/** Loads the native library, offline; it stays loaded until the process ends. */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class TokenizersActivator implements BundleActivator {

    private static final String NATIVE_PATH = "RUST_LIBRARY_PATH";

    @Override
    public void start(BundleContext context) throws IOException {
        // Else each tokenizer asks the cloud it runs in for its name and reports it.
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        if (System.getProperty(NATIVE_PATH) == null) {
            Bundle bundle = context.getBundle();
            Path natives = NativeFiles.unpack(
                    bundle,
                    "native/lib/" + platform() + "/cpu",
                    bundle.getHeaders().get("Forge-Natives"));
            // The file: for a folder it asks for the kind of the GPU, which fails without one.
            System.setProperty(
                    NATIVE_PATH,
                    natives.resolve(System.mapLibraryName("tokenizers")).toString());
        }
        // It looks for its version there at the first touch.
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(LibUtils.class.getClassLoader());
        try {
            LibUtils.checkStatus();
        } catch (EngineException e) {
            throw new IllegalStateException(
                    "the tokenizers cannot be loaded; if they ran before in this process, restart the process", e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Override
    public void stop(BundleContext context) {
        // A native library cannot be unloaded.
    }

    /** As the library names its folders. */
    private static String platform() {
        return NativeFiles.operatingSystem() + "-" + NativeFiles.architecture();
    }
}
