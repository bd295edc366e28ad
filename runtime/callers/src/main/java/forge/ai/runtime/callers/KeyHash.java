package forge.ai.runtime.callers;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * What is kept of a key: its SHA-256. Keys are made here, of 256 random bits, so that neither salt nor a slow hash would
 * make them any harder to guess.
 */
final class KeyHash {

    static final String FORM = "sha256: and 64 hexadecimal digits, as ai:key-create writes it";

    private static final String SCHEME = "sha256:";
    private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{64}");
    private static final String PREFIX = "forge-";
    private static final int KEY_BYTES = 32;

    private final byte[] digest;

    private KeyHash(byte[] digest) {
        this.digest = digest;
    }

    /** A new random key. */
    static String newKey() {
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    static KeyHash of(String key) {
        try {
            return new KeyHash(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @throws IllegalArgumentException if the text is not a hash; it is not repeated, for it may be a key */
    static KeyHash parse(String text) {
        String digits = text.strip();
        if (!digits.startsWith(SCHEME)
                || !DIGITS.matcher(digits.substring(SCHEME.length())).matches()) {
            throw new IllegalArgumentException("hash: allowed is " + FORM);
        }
        return new KeyHash(HexFormat.of().parseHex(digits.substring(SCHEME.length())));
    }

    @Override
    public boolean equals(Object other) {
        // In a time that does not depend on where they differ.
        return other instanceof KeyHash hash && MessageDigest.isEqual(digest, hash.digest);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(digest);
    }

    @Override
    public String toString() {
        return SCHEME + HexFormat.of().formatHex(digest);
    }
}
