package forge.ai.runtime.support.http;

import java.io.IOException;
import okhttp3.Response;
import okio.BufferedSource;
import okio.GzipSource;
import okio.Okio;

/** Reads what an answer holds. */
final class Bodies {

    private static final byte[] NOTHING = {};

    private Bodies() {}

    /** Status and headers alone. */
    static HttpAnswer head(Response response) {
        return new HttpAnswer(response.code(), response.headers(), NOTHING);
    }

    /** The body, decompressed: a vendor or a proxy on the way may compress even what it was asked not to. */
    static BufferedSource decoded(Response response) throws IOException {
        String encoding = response.header("Content-Encoding", "identity");
        return switch (encoding.strip().toLowerCase(java.util.Locale.ROOT)) {
            case "identity", "" -> response.body().source();
            case "gzip", "x-gzip" -> Okio.buffer(new GzipSource(response.body().source()));
            default -> throw new IOException("content encoding " + encoding + " was not asked for");
        };
    }
}
