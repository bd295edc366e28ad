package forge.ai.runtime.server;

import forge.ai.api.ForgeException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes every request in, hands it to its handler, and sees to it that what fails is answered. */
final class EdgeServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(EdgeServlet.class);

    private final transient Router router;
    private final transient LongSupplier maxBody;

    EdgeServlet(Router router, LongSupplier maxBody) {
        this.router = router;
        this.maxBody = maxBody;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getRequestURI();
        Router.Match match = router.find(request.getMethod(), path);
        Exchange exchange = new Exchange(request, response, match.variables(), maxBody.getAsLong());
        try {
            match.handler().handle(exchange);
        } catch (Refusal e) {
            if (!e.allow().isEmpty()) {
                exchange.header("Allow", e.allow());
            }
            fail(exchange, match.dialect(), Problem.of(e));
        } catch (ForgeException e) {
            LOG.debug("{} {}: {}", request.getMethod(), path, e.toString());
            fail(exchange, match.dialect(), Problem.of(e));
        } catch (RuntimeException | Error e) {
            LOG.error("{} {} failed", request.getMethod(), path, e);
            fail(exchange, match.dialect(), Problem.internal());
        }
    }

    private static void fail(Exchange exchange, Dialect dialect, Problem problem) throws IOException {
        if (exchange.begun().isPresent()) {
            dialect.problem(problem, exchange.begun().get());
        } else if (exchange.committed()) {
            throw new IOException("the answer broke off: " + problem.message());
        } else {
            problem.retryAfter()
                    .ifPresent(d ->
                            exchange.header("Retry-After", Long.toString(Math.max(1, (d.toMillis() + 999) / 1000))));
            if (!problem.code().retriable()) {
                // The clients of OpenAI and Anthropic repeat some statuses unless they are told not to.
                exchange.header("x-should-retry", "false");
            }
            exchange.answer(problem.status(), "application/json", dialect.problem(problem));
        }
    }
}
