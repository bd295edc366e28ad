package forge.ai.backend.onnxffm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The shared library as the bundle of ONNX Runtime unpacks it, where a test runs without a framework. */
final class UnpackedLibrary {

    private static final String NATIVE_PATH = "onnxruntime.native.path";
    private static final String[] FILES = {"libonnxruntime.so", "libonnxruntime4j_jni.so"};

    private UnpackedLibrary() {}

    /** A backend over it. */
    static synchronized ForeignOnnxBackend backend() {
        if (System.getProperty(NATIVE_PATH) == null) {
            System.setProperty(NATIVE_PATH, unpack().toString());
        }
        return new ForeignOnnxBackend();
    }

    private static Path unpack() {
        try {
            Path folder = Files.createTempDirectory("onnxruntime");
            folder.toFile().deleteOnExit();
            for (String file : FILES) {
                Path target = folder.resolve(file);
                target.toFile().deleteOnExit();
                try (InputStream in = ForeignOnnxBackend.class
                        .getClassLoader()
                        .getResourceAsStream("ai/onnxruntime/native/linux-x64/" + file)) {
                    Files.copy(in, target);
                }
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
