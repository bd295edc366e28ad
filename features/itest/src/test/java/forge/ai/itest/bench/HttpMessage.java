package forge.ai.itest.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Reads past one HTTP/1.1 message, whole or in chunks. */
final class HttpMessage {

    private HttpMessage() {}

    /** False at the end of the connection; fails on a status other than 200. */
    static boolean skip(InputStream in) throws IOException {
        String line = line(in);
        if (line == null) {
            return false;
        }
        if (line.startsWith("HTTP/") && !line.contains(" 200 ")) {
            throw new IOException(line);
        }
        long length = 0;
        boolean chunked = false;
        for (line = line(in); line != null && !line.isEmpty(); line = line(in)) {
            String header = line.toLowerCase(Locale.ROOT);
            if (header.startsWith("content-length:")) {
                length = Long.parseLong(
                        header.substring("content-length:".length()).strip());
            } else if (header.startsWith("transfer-encoding:")) {
                chunked = header.contains("chunked");
            }
        }
        if (chunked) {
            for (int size = chunk(in); size > 0; size = chunk(in)) {
                in.skipNBytes(size + 2L);
            }
            line(in);
        } else {
            in.skipNBytes(length);
        }
        return true;
    }

    private static int chunk(InputStream in) throws IOException {
        String line = line(in);
        if (line == null) {
            throw new EOFException("within a message");
        }
        return Integer.parseInt(line, 16);
    }

    private static String line(InputStream in) throws IOException {
        byte[] bytes = new byte[1024];
        int length = 0;
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                return null;
            }
            if (b != '\r' && length < bytes.length) {
                bytes[length++] = (byte) b;
            }
        }
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }
}
