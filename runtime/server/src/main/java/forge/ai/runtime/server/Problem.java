package forge.ai.runtime.server;

import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import forge.ai.api.llm.Attribution;
import java.time.Duration;
import java.util.Optional;

/**
 * What went wrong, for a dialect to put in its words.
 *
 * @param status of the HTTP answer
 * @param code the stable code
 * @param message for people
 * @param parameter the part of the request that is wrong, or empty
 * @param retryAfter when to come back, where known
 * @param refused whether the front itself refused the request, before anybody was asked
 * @param attribution who was asked and what it took, of calls of the LLM service
 */
public record Problem(
        int status,
        ErrorCode code,
        String message,
        String parameter,
        Optional<Duration> retryAfter,
        boolean refused,
        Optional<Attribution> attribution) {

    /** One that the LLM service has no part in. */
    Problem(
            int status,
            ErrorCode code,
            String message,
            String parameter,
            Optional<Duration> retryAfter,
            boolean refused) {
        this(status, code, message, parameter, retryAfter, refused, Optional.empty());
    }

    static Problem of(ForgeException error) {
        return new Problem(
                status(error.code()),
                error.code(),
                error.getMessage(),
                error.details().parameter(),
                error.retryAfter(),
                false,
                error.details().attribution());
    }

    static Problem of(Refusal refusal) {
        return new Problem(refusal.status(), refusal.code(), refusal.getMessage(), "", Optional.empty(), true);
    }

    static Problem internal() {
        return new Problem(500, ErrorCode.INTERNAL, "the server failed; its log says why", "", Optional.empty(), false);
    }

    static Problem stopping() {
        return new Problem(
                503,
                ErrorCode.UNAVAILABLE,
                "the server stops and could not wait for this call any longer",
                "",
                Optional.empty(),
                true);
    }

    /** The HTTP status of an error code. */
    static int status(ErrorCode code) {
        return switch (code) {
            case AUTHENTICATION -> 401;
            case PERMISSION -> 403;
            case NOT_FOUND -> 404;
            // Unsupported is the request's fault: clients repeat what is answered with 5xx.
            case INVALID_REQUEST, CONTEXT_LENGTH, CONTENT_FILTERED, UNSUPPORTED -> 400;
            case RATE_LIMITED, QUOTA -> 429;
            case TIMEOUT -> 504;
            case UNAVAILABLE, RESOURCE_EXHAUSTED -> 503;
            case PROTOCOL -> 502;
            case CANCELLED -> 499;
            case INTERNAL -> 500;
        };
    }
}
