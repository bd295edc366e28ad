package forge.ai.runtime.steps;

import forge.ai.api.InvalidRequestException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/** The parts of a PNG file (W3C PNG specification). Only what pixels need is read: texts and profiles may be bombs. */
final class PngChunks {

    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    private static final Set<String> NEEDED = Set.of("IHDR", "PLTE", "IDAT", "IEND");
    /** Length and type before the data, and a checksum behind it. */
    private static final int FRAME = 12;

    private PngChunks() {}

    static boolean begins(byte[] bytes) {
        return bytes.length > SIGNATURE.length
                && Arrays.equals(bytes, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
    }

    /** The file without what pixels do not need. */
    static byte[] needed(byte[] bytes) {
        ByteArrayOutputStream kept = new ByteArrayOutputStream(bytes.length);
        kept.writeBytes(SIGNATURE);
        ByteBuffer in = ByteBuffer.wrap(bytes, SIGNATURE.length, bytes.length - SIGNATURE.length);
        while (in.remaining() >= FRAME) {
            int begin = in.position();
            int length = in.getInt();
            if (length < 0 || length > in.remaining() - (FRAME - Integer.BYTES)) {
                throw new InvalidRequestException("the picture is damaged: it ends within a part of its file");
            }
            String type = new String(bytes, begin + Integer.BYTES, Integer.BYTES, StandardCharsets.ISO_8859_1);
            if (NEEDED.contains(type)) {
                kept.write(bytes, begin, length + FRAME);
            }
            in.position(begin + length + FRAME);
        }
        return kept.toByteArray();
    }
}
