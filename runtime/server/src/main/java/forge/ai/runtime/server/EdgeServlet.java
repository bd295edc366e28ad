package forge.ai.runtime.server;

import forge.ai.api.ForgeException;
import forge.ai.runtime.support.serving.Call;
import forge.ai.runtime.support.serving.Calls;
import forge.ai.runtime.support.serving.Doorkeeper;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes every request in, hands it to its handler, and sees to it that what fails is answered. */
final class EdgeServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(EdgeServlet.class);

    private final transient Router router;
    private final transient Calls calls;
    private final transient Heartbeat heartbeat;
    private final transient ClientWatch clients;
    private final transient LongSupplier maxBody;
    private final transient Doorkeeper doorkeeper;
    private final transient RequestReports reports;

    EdgeServlet(
            Router router,
            Doorkeeper doorkeeper,
            Calls calls,
            Heartbeat heartbeat,
            ClientWatch clients,
            LongSupplier maxBody,
            RequestReports reports) {
        this.router = router;
        this.doorkeeper = doorkeeper;
        this.calls = calls;
        this.heartbeat = heartbeat;
        this.clients = clients;
        this.maxBody = maxBody;
        this.reports = reports;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) {
        Router.Match match =
                router.find(request.getMethod(), request.getRequestURI(), header -> request.getHeader(header) != null);
        RequestReports.Report report = reports.begin(request, match.route());
        Call call = new Call();
        Exchange exchange = new Exchange(
                request,
                response,
                match.variables(),
                maxBody.getAsLong(),
                call,
                heartbeat,
                clients,
                match.dialect().limitHeaders());
        exchange.span(report.span());
        boolean counted = !match.dialect().always();
        boolean in = !counted || calls.enter(call);
        try {
            Optional<Problem> problem =
                    in ? handle(request, match, exchange, call) : Optional.of(Problem.of(Refusal.stopping()));
            if (problem.isPresent()) {
                fail(exchange, match.dialect(), problem.get());
            }
        } catch (IOException e) {
            // The client is gone: nobody is left to tell, and it is nothing for the log.
            LOG.debug("{} {}: {}", request.getMethod(), request.getRequestURI(), e.toString());
        } finally {
            exchange.end();
            if (in && counted) {
                calls.leave(call);
            }
            report.end(response.getStatus(), call.ended());
        }
    }

    private Optional<Problem> handle(HttpServletRequest request, Router.Match match, Exchange exchange, Call call)
            throws IOException {
        try {
            Visitors.check(request);
            if (!match.dialect().always()) {
                exchange.caller(doorkeeper.caller(request::getHeader));
            }
            match.handler().handle(exchange);
            return Optional.empty();
        } catch (Refusal e) {
            if (!e.allow().isEmpty()) {
                exchange.header("Allow", e.allow());
            }
            return Optional.of(Problem.of(e));
        } catch (ForgeException e) {
            LOG.debug("{} {}: {}", request.getMethod(), request.getRequestURI(), e.toString());
            return ended(call, e);
        } catch (RuntimeException | Error e) {
            LOG.error("{} {} failed", request.getMethod(), request.getRequestURI(), e);
            return ended(call, null);
        } finally {
            call.over();
        }
    }

    private static Optional<Problem> ended(Call call, @Nullable ForgeException error) throws IOException {
        return switch (call.ended()) {
            case CLIENT_GONE -> throw new IOException("the client is gone");
            case SERVER_STOPS -> Optional.of(Problem.stopping());
            case NONE -> Optional.of(error == null ? Problem.internal() : Problem.of(error));
        };
    }

    private static void fail(Exchange exchange, Dialect dialect, Problem problem) throws IOException {
        Optional<BodyStream> stream = exchange.begun();
        if (stream.isPresent()) {
            dialect.problem(problem, stream.get());
            return;
        }
        if (exchange.committed()) {
            throw new IOException("the answer broke off: " + problem.message());
        }
        problem.retryAfter()
                .ifPresent(d ->
                        exchange.header("Retry-After", Long.toString(Math.max(1, (d.toMillis() + 999) / 1000))));
        problem.attribution().ifPresent(exchange::explain);
        if (problem.status() == 401) {
            exchange.header("WWW-Authenticate", "Bearer");
        }
        if (!problem.code().retriable()) {
            // The clients of OpenAI and Anthropic repeat some statuses unless they are told not to.
            exchange.header("x-should-retry", "false");
        }
        if (problem.status() == 408 || problem.status() == 413 || problem.status() == 503 || exchange.unread()) {
            // What is left of the request is not worth reading, and a client must know that the connection ends with
            // the answer, or it sends its next request into it; and a server that stops keeps no connections.
            exchange.header("Connection", "close");
        }
        if (problem.status() == 413) {
            exchange.skipBody();
        }
        exchange.answer(dialect.status(problem), "application/json", dialect.problem(problem, exchange));
    }
}
