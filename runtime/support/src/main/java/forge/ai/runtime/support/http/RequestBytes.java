package forge.ai.runtime.support.http;

import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;

/** The body of a request; it is sent a second time only if it cannot have arrived the first time. */
final class RequestBytes extends RequestBody {

    private final MediaType type;
    private final byte[] bytes;
    private final Exchange<?> exchange;

    RequestBytes(String type, byte[] bytes, Exchange<?> exchange) {
        this.type = MediaType.get(type);
        this.bytes = bytes;
        this.exchange = exchange;
    }

    @Override
    public MediaType contentType() {
        return type;
    }

    @Override
    public long contentLength() {
        return bytes.length;
    }

    @Override
    public boolean isOneShot() {
        return exchange.mayHaveArrived();
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
        sink.write(bytes);
    }
}
