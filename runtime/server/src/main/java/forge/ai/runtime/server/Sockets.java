package forge.ai.runtime.server;

import forge.ai.api.ErrorCode;
import forge.ai.runtime.support.serving.Calls;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.ee10.websocket.server.JettyWebSocketServerContainer;

/** The WebSockets that are open. A message that is answered is a call like a request: the server waits for it. */
public final class Sockets implements AutoCloseable {

    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Calls calls;
    private final LongSupplier maxMessage;
    private final Supplier<Duration> patience;
    private volatile boolean closed;

    /** @param patience how long a client may take to read a message */
    Sockets(Calls calls, LongSupplier maxMessage, Supplier<Duration> patience) {
        this.calls = calls;
        this.maxMessage = maxMessage;
        this.patience = patience;
    }

    /**
     * Opens a WebSocket in place of an answer.
     *
     * @param errors words an error for a message
     * @throws Refusal if the client does not ask for one, or this server has none
     */
    public void open(Exchange exchange, SocketHandler handler, SocketErrors errors) throws IOException {
        // That of Jetty itself: the one of the whiteboard does not hand its attributes on.
        ServletContext context = ServletContextRequest.getServletContextRequest(exchange.request())
                .getServletContextHandler()
                .getServletContext();
        Object container = context.getAttribute(JettyWebSocketServerContainer.JETTY_WEBSOCKET_CONTAINER_ATTRIBUTE);
        if (!(container instanceof JettyWebSocketServerContainer jetty) || closed) {
            throw new Refusal(404, ErrorCode.NOT_FOUND, "this server has no WebSockets");
        }
        Socket socket = new Socket(this, handler, errors, exchange.caller());
        if (!jetty.upgrade((request, response) -> socket, exchange.request(), exchange.response())) {
            throw new Refusal(400, ErrorCode.INVALID_REQUEST, "the request does not open a WebSocket as RFC 6455 says");
        }
    }

    Calls calls() {
        return calls;
    }

    long maxMessage() {
        return maxMessage.getAsLong();
    }

    Duration patience() {
        return patience.get();
    }

    void opened(Socket socket) {
        open.add(socket);
        if (closed) {
            socket.leave();
        }
    }

    void gone(Socket socket) {
        open.remove(socket);
    }

    /** Tells all clients that the server goes. */
    @Override
    public void close() {
        closed = true;
        open.forEach(Socket::leave);
    }
}
