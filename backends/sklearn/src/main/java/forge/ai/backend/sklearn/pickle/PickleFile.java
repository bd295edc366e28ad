package forge.ai.backend.sklearn.pickle;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.ResourceExhaustedException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.jspecify.annotations.Nullable;

/** A pickle or joblib file, plain or compressed with zlib, gzip, bzip2, xz or LZ4, which its first bytes tell. */
public final class PickleFile {

    private static final int XZ_MEMORY_KIB = 256 << 10;
    private static final int BUFFER = 64 << 10;

    private PickleFile() {}

    /**
     * The object in the file.
     *
     * @param mostBytes the most that it may have once unpacked
     * @throws InvalidRequestException if it is damaged, or names what is not known
     * @throws ResourceExhaustedException if it has more bytes
     */
    public static @Nullable Object read(Path file, long mostBytes) {
        byte[] bytes;
        try (InputStream in = unpacked(new BufferedInputStream(Files.newInputStream(file)))) {
            bytes = read(in, mostBytes);
        } catch (IOException e) {
            throw new InvalidRequestException(
                    "%s cannot be unpacked: %s".formatted(file.getFileName(), e.getMessage()));
        }
        try {
            return new PickleReader(new PickleInput(bytes)).read();
        } catch (ArithmeticException | ClassCastException | IndexOutOfBoundsException e) {
            throw new InvalidRequestException("not a sound pickle: " + e.getMessage());
        }
    }

    private static InputStream unpacked(BufferedInputStream in) throws IOException {
        in.mark(8);
        byte[] head = in.readNBytes(6);
        in.reset();
        if (starts(head, 0x1F, 0x8B)) {
            return new GZIPInputStream(in);
        } else if (starts(head, 'B', 'Z', 'h')) {
            return new BZip2CompressorInputStream(in);
        } else if (starts(head, 0xFD, '7', 'z', 'X', 'Z', 0)) {
            return new XZCompressorInputStream(in, false, XZ_MEMORY_KIB);
        } else if (starts(head, 0x04, 0x22, 0x4D, 0x18)) {
            return new FramedLZ4CompressorInputStream(in);
        } else if (head.length > 1 && head[0] == 0x78 && ((head[0] << 8) + (head[1] & 0xFF)) % 31 == 0) {
            return new InflaterInputStream(in);
        }
        return in;
    }

    private static boolean starts(byte[] head, int... magic) {
        if (head.length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((head[i] & 0xFF) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] read(InputStream in, long most) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[BUFFER];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            if (out.size() + (long) count > most) {
                throw new ResourceExhaustedException(
                        "the model has more than " + most + " bytes; 'maxBytes' among its parameters allows more");
            }
            out.write(buffer, 0, count);
        }
        return out.toByteArray();
    }
}
