package forge.ai.itest.swap;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** Makes of a bundle of the distribution newer and newer ones. */
record BundleCopies(Path jar, String symbolicName) {

    static BundleCopies of(String symbolicName) throws IOException {
        Path bundles = Path.of(System.getProperty("forge.dist")).resolve("bundles");
        try (Stream<Path> all = Files.list(bundles)) {
            return new BundleCopies(
                    all.filter(f -> f.getFileName().toString().startsWith(symbolicName + "-"))
                            .findFirst()
                            .orElseThrow(),
                    symbolicName);
        }
    }

    static String version(int number) {
        return "0.1." + number;
    }

    String fileName(int number) {
        return symbolicName + "-" + version(number) + ".jar";
    }

    /** Writes the copy of that number. */
    void write(int number, Path target) throws IOException {
        try (JarInputStream in = new JarInputStream(Files.newInputStream(jar))) {
            Manifest manifest = new Manifest(in.getManifest());
            manifest.getMainAttributes().putValue("Bundle-Version", version(number));
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(target), manifest)) {
                copy(in, out);
            }
        }
    }

    private static void copy(JarInputStream in, JarOutputStream out) throws IOException {
        for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
            if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
                out.putNextEntry(new JarEntry(entry.getName()));
                ((InputStream) in).transferTo(out);
                out.closeEntry();
            }
        }
    }
}
