package forge.ai.runtime.deploy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * Keeps a copy of every bundle in force by the hash of its content: what was checked is what is installed, and what
 * served last is still there when its file was overwritten with rubbish.
 */
final class ArtifactStore {

    private final Path folder;

    ArtifactStore(Path folder) throws IOException {
        this.folder = DurableFile.folder(folder);
    }

    /**
     * Takes a copy of a jar and checks it from end to end.
     *
     * @throws Refused if it is not a whole bundle
     */
    Artifact take(Path source) throws IOException {
        Path part = Files.createTempFile(folder, ".", ".part");
        try {
            String hash = copy(source, part);
            Artifact artifact = read(part, hash, file(hash));
            if (!Files.exists(artifact.jar())) {
                DurableFile.commit(part, artifact.jar());
            }
            return artifact;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** The bundle of that hash, which was taken in earlier. */
    Artifact get(String hash) throws IOException {
        return read(file(hash), hash, file(hash));
    }

    boolean has(String hash) {
        return Files.exists(file(hash));
    }

    /** Deletes what nobody needs any more. */
    void keep(Collection<String> hashes) throws IOException {
        Set<Path> kept = hashes.stream().map(this::file).collect(Collectors.toSet());
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> !kept.contains(f)).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private Path file(String hash) {
        return folder.resolve(hash + ".jar");
    }

    private static String copy(Path source, Path target) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(source), digest);
                OutputStream out = Files.newOutputStream(target)) {
            in.transferTo(out);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static Artifact read(Path jar, String hash, Path kept) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            String name = manifest == null ? null : main(manifest, Constants.BUNDLE_SYMBOLICNAME);
            if (name == null) {
                throw new Refused("not a bundle: its manifest has no " + Constants.BUNDLE_SYMBOLICNAME);
            }
            String version = main(manifest, Constants.BUNDLE_VERSION);
            if (jar != kept) {
                checkEntries(file);
            }
            boolean fragment = main(manifest, Constants.FRAGMENT_HOST) != null;
            boolean restart = fragment || "required".equals(main(manifest, "Forge-Restart"));
            return new Artifact(
                    name.split(";")[0].strip(), Version.parseVersion(version), hash, kept, restart, fragment);
        } catch (ZipException | EOFException e) {
            throw new BadZip("not a whole jar: " + Refused.said(e), e);
        } catch (IllegalArgumentException | SecurityException e) {
            throw new Refused("not a bundle: " + Refused.said(e), e);
        }
    }

    /** Reading an entry to its end checks its sum. */
    private static void checkEntries(JarFile file) throws IOException {
        for (ZipEntry entry : (Iterable<ZipEntry>) file.stream().<ZipEntry>map(e -> e)::iterator) {
            try (InputStream in = file.getInputStream(entry)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
        }
    }

    private static @Nullable String main(Manifest manifest, String header) {
        Attributes attributes = manifest.getMainAttributes();
        return attributes.getValue(header);
    }

    /** A jar that may be a copy in progress. */
    static final class BadZip extends IOException {
        private static final long serialVersionUID = 1;

        BadZip(String reason, IOException cause) {
            super(reason, cause);
        }
    }
}
