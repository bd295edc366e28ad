package forge.ai.runtime.server;

import forge.ai.runtime.support.serving.Call;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The connection of a call under way. Jetty does not read from an HTTP/1.1 connection while a request is handled, so it
 * does not see its end either; this asks the selector in its stead. What comes instead of an end is the client's next
 * request, sent ahead, and is handed to Jetty.
 */
final class ClientConnection implements Callback {

    private final HttpServletRequest request;
    private final Call call;
    private final long since = System.nanoTime();
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable HttpConnection connection;
    private boolean over;

    ClientConnection(HttpServletRequest request, Call call) {
        this.request = request;
        this.call = call;
    }

    /** When the request had been read, in terms of {@link System#nanoTime()}. */
    long since() {
        return since;
    }

    /** Begins to wait for the end of the connection. */
    void watch() {
        lock.lock();
        try {
            if (!over
                    && ServletContextRequest.getServletContextRequest(request)
                                    .getConnectionMetaData()
                                    .getConnection()
                            instanceof HttpConnection http
                    && http.isRequestBufferEmpty()) {
                connection = http;
                http.getEndPoint().tryFillInterested(this);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The call is through; Jetty reads the connection itself from now on. */
    void close() {
        lock.lock();
        try {
            over = true;
            if (connection != null && connection.getEndPoint() instanceof AbstractEndPoint endPoint) {
                endPoint.getFillInterest().onFail(new IOException("the call is over"));
            }
        } finally {
            lock.unlock();
        }
    }

    /** There is something to be read. */
    @Override
    public void succeeded() {
        lock.lock();
        try {
            if (over || connection == null) {
                return;
            }
            ByteBuffer one = BufferUtil.allocate(1);
            int filled = connection.getEndPoint().fill(one);
            if (filled < 0) {
                gone();
            } else if (filled == 0) {
                connection.getEndPoint().tryFillInterested(this);
            } else {
                connection.onUpgradeTo(one);
            }
        } catch (IOException e) {
            gone();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void failed(Throwable cause) {
        lock.lock();
        try {
            if (over || connection == null) {
                return;
            }
            if (cause instanceof TimeoutException) {
                // The limit of idle connections is not meant for those that wait for their answer.
                connection.getEndPoint().tryFillInterested(this);
            } else {
                gone();
            }
        } finally {
            lock.unlock();
        }
    }

    private void gone() {
        over = true;
        call.end(Call.End.CLIENT_GONE);
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
