package forge.ai.runtime.models;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over files and texts, in hexadecimal. */
final class Hashes {

    private Hashes() {}

    /**
     * The digest of a version: SHA-256 over one line {@code <SHA-256 of the file>  <path>} for each file, sorted by
     * path, which is what {@code sha256sum} prints.
     */
    static String ofVersion(VersionFolder version) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (FileStamp file : version.files()) {
            lines.append(ofFile(version.folder().resolve(file.path())))
                    .append("  ")
                    .append(file.path())
                    .append('\n');
        }
        return ofText(lines.toString());
    }

    static String ofText(String text) {
        return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String ofFile(Path file) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
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
}
