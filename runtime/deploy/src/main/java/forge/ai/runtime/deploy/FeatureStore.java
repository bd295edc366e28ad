package forge.ai.runtime.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.stream.Stream;

/** Keeps a copy of the document of every feature in force by the hash of its content. */
final class FeatureStore {

    private static final long LARGEST = 16 << 20;
    private static final String ENDING = ".json";

    private final Path folder;

    FeatureStore(Path folder) throws IOException {
        this.folder = DurableFile.folder(folder);
    }

    /** The content of a document, which nothing but its size was looked at. */
    static byte[] content(Path document) throws IOException {
        if (Files.size(document) > LARGEST) {
            throw new Refused("larger than " + LARGEST + " bytes");
        }
        return Files.readAllBytes(document);
    }

    static String hash(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    void put(String hash, byte[] content) throws IOException {
        if (!Files.exists(file(hash))) {
            DurableFile.write(file(hash), content);
        }
    }

    byte[] get(String hash) throws IOException {
        return Files.readAllBytes(file(hash));
    }

    /** Deletes what nobody needs any more. */
    void keep(Collection<String> hashes) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (!hashes.contains(file.getFileName().toString().replace(ENDING, ""))) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private Path file(String hash) {
        return folder.resolve(hash + ENDING);
    }
}
