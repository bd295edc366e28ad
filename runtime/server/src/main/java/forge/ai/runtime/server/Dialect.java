package forge.ai.runtime.server;

import java.io.IOException;
import java.util.List;

/**
 * A family of routes that share the form of their errors.
 *
 * <p>A dialect is a small class that is given the {@link Services} and lists its routes; {@link HttpServer} names all
 * dialects. It holds no state of a request.
 */
public interface Dialect {

    /** What it answers. A path that no route matches is answered by the dialect whose routes come closest to it. */
    List<Route> routes();

    /** Whether it answers also while the server stops. */
    default boolean always() {
        return false;
    }

    /** In which headers its clients look for what is left of their limits. */
    default LimitHeaders limitHeaders() {
        return LimitHeaders.OPENAI;
    }

    /** An error as the JSON document of an answer. */
    byte[] problem(Problem problem);

    /** As {@link #problem(Problem)}, for one that answers otherwise for each exchange. */
    default byte[] problem(Problem problem, Exchange exchange) {
        return problem(problem);
    }

    /** The status of the answer with a problem, where the vendor has one of its own for it. */
    default int status(Problem problem) {
        return problem.status();
    }

    /** Tells the reader of a stream that has begun what went wrong; the stream ends after it. */
    void problem(Problem problem, BodyStream stream) throws IOException;
}
