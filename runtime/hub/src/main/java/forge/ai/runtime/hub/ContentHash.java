package forge.ai.runtime.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * What the hub says the content of a file is.
 *
 * @param kind how it is made
 * @param hex the hash, in small hexadecimal digits
 */
record ContentHash(Kind kind, String hex) {

    /** How a hash is made. */
    enum Kind {
        /** Of large files (Git LFS): SHA-256 of the content. */
        SHA256("SHA-256", Pattern.compile("[0-9a-f]{64}")),
        /** Of small files: the id of Git's blob, SHA-1 of {@code blob SIZE\0} and the content. */
        GIT("SHA-1", Pattern.compile("[0-9a-f]{40}"));

        private final String algorithm;
        private final Pattern form;

        Kind(String algorithm, Pattern form) {
            this.algorithm = algorithm;
            this.form = form;
        }
    }

    private static final int BUFFER = 1 << 18;

    /** @throws IllegalArgumentException if the text is no hash of this kind */
    ContentHash {
        if (!kind.form.matcher(hex).matches()) {
            throw new IllegalArgumentException("no hash of the kind " + kind);
        }
    }

    /** Takes the content of a file of this size in; see {@link #is}. */
    MessageDigest digest(long size) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance(kind.algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + kind.algorithm, e);
        }
        if (kind == Kind.GIT) {
            digest.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
        }
        return digest;
    }

    /** Whether what a digest took in is this content. */
    boolean is(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest()).equals(hex);
    }

    /** Whether a file is there and has this content. */
    boolean isOf(Path file, long size) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) != size) {
            return false;
        }
        MessageDigest digest = digest(size);
        update(digest, file);
        return is(digest);
    }

    /** Takes in what a file has. */
    static void update(MessageDigest digest, Path file) throws IOException {
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
    }
}
