package forge.ai.runtime.server;

import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import forge.ai.api.llm.Caller;
import forge.ai.runtime.support.serving.Call;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket. It answers one message at a time; the next one may wait, more are refused, so that nothing piles up.
 * Reading goes on all the while, which is how it is noticed that the client leaves.
 */
public final class Socket implements Session.Listener.AutoDemanding {

    private static final Logger LOG = LoggerFactory.getLogger(Socket.class);

    /** Refusals to a client that does not read them. */
    private static final int MAX_UNSENT = 16;

    private static final Duration LONGEST_SILENCE = Duration.ofHours(1);

    private final Sockets sockets;
    private final SocketHandler handler;
    private final SocketErrors errors;
    private final Caller caller;
    /** The message that is being answered, if there is one. */
    private @Nullable Work work;

    /** A client sends the next message when it has read the last event, which is a moment before the call is over. */
    private @Nullable String waiting;

    private final ReentrantLock lock = new ReentrantLock();

    private volatile @Nullable Session session;

    /** A message that is being answered, and the call that this is once its thread runs. */
    private static final class Work {
        private volatile @Nullable Call call;
        private volatile boolean gone;

        void begin(Call value) {
            call = value;
            if (gone) {
                value.end(Call.End.CLIENT_GONE);
            }
        }

        void clientGone() {
            gone = true;
            Call known = call;
            if (known != null) {
                known.end(Call.End.CLIENT_GONE);
            }
        }
    }

    Socket(Sockets sockets, SocketHandler handler, SocketErrors errors, Caller caller) {
        this.sockets = sockets;
        this.handler = handler;
        this.errors = errors;
        this.caller = caller;
    }

    @Override
    public void onWebSocketOpen(Session value) {
        value.setMaxTextMessageSize(sockets.maxMessage());
        value.setMaxOutgoingFrames(MAX_UNSENT);
        value.setIdleTimeout(LONGEST_SILENCE);
        session = value;
        sockets.opened(this);
    }

    @Override
    public void onWebSocketText(String message) {
        lock.lock();
        try {
            if (work == null) {
                Work next = new Work();
                work = next;
                Thread.ofVirtual().name("forge-server-socket").start(() -> answerAll(message, next));
                return;
            }
            if (waiting == null) {
                waiting = message;
                return;
            }
        } finally {
            lock.unlock();
        }
        refuse(new Refusal(
                409, ErrorCode.INVALID_REQUEST, "a response is being made on this connection; send one at a time"));
    }

    private void answerAll(String first, Work begun) {
        String message = first;
        Work current = begun;
        while (message != null) {
            answer(message, current);
            lock.lock();
            try {
                message = waiting;
                waiting = null;
                current = new Work();
                work = message == null ? null : current;
            } finally {
                lock.unlock();
            }
        }
    }

    private void refuse(Refusal refusal) {
        Session open = session;
        if (open != null) {
            open.sendText(text(errors.message(Problem.of(refusal))), Callback.NOOP);
        }
    }

    private void answer(String message, Work current) {
        Call call = new Call();
        boolean in = sockets.calls().enter(call);
        try {
            if (in) {
                current.begin(call);
                handle(message, call);
            } else {
                send(errors.message(Problem.of(Refusal.stopping())));
            }
        } catch (IOException e) {
            LOG.debug("the client of a WebSocket is gone: {}", e.toString());
            disconnect();
        } finally {
            if (in) {
                sockets.calls().leave(call);
            }
        }
    }

    private void handle(String message, Call call) throws IOException {
        Problem problem;
        try {
            handler.message(message.getBytes(StandardCharsets.UTF_8), caller, this::send);
            return;
        } catch (Refusal e) {
            problem = Problem.of(e);
        } catch (ForgeException e) {
            problem = Problem.of(e);
        } catch (RuntimeException | Error e) {
            LOG.error("a message of a WebSocket failed", e);
            problem = Problem.internal();
        } finally {
            call.over();
        }
        switch (call.ended()) {
            case CLIENT_GONE -> throw new IOException("the client is gone");
            case SERVER_STOPS -> send(errors.message(Problem.stopping()));
            case NONE -> send(errors.message(problem));
        }
    }

    private void send(byte[] json) throws IOException {
        Session open = session;
        if (open == null) {
            throw new IOException("the WebSocket is not open");
        }
        Callback.Completable sent = Callback.Completable.with(callback -> open.sendText(text(json), callback));
        try {
            sent.get(sockets.patience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException("the message could not be sent", e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("the client did not read for " + sockets.patience(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while sending", e);
        }
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }

    private void disconnect() {
        Session open = session;
        if (open != null) {
            open.disconnect();
        }
    }

    /** Says good-bye; the server goes. */
    void leave() {
        Session open = session;
        if (open != null) {
            open.close(StatusCode.SHUTDOWN, "the server stops", Callback.NOOP);
        }
    }

    @Override
    public void onWebSocketClose(int status, String reason) {
        over();
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        LOG.debug("a WebSocket broke: {}", cause.toString());
        over();
    }

    private void over() {
        sockets.gone(this);
        lock.lock();
        try {
            waiting = null;
            if (work != null) {
                work.clientGone();
            }
        } finally {
            lock.unlock();
        }
    }
}
