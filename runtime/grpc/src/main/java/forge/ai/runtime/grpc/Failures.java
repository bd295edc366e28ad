package forge.ai.runtime.grpc;

import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** Errors as gRPC has them: a status with the message, and the stable code in a trailer. */
final class Failures {

    private static final Metadata.Key<String> CODE = Metadata.Key.of("x-forge-error", Metadata.ASCII_STRING_MARSHALLER);

    /** In milliseconds; clients that are told to retry wait as long. */
    private static final Metadata.Key<String> PUSHBACK =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    /** Many clients take no more than 8 kB of headers, in which other letters than ASCII count threefold. */
    private static final int LONGEST_MESSAGE = 2000;

    private Failures() {}

    static StatusRuntimeException of(ForgeException error) {
        Metadata trailers = new Metadata();
        trailers.put(CODE, error.code().name());
        error.retryAfter().ifPresent(wait -> trailers.put(PUSHBACK, Long.toString(wait.toMillis())));
        return new StatusRuntimeException(status(error.code()).withDescription(shortened(error)), trailers);
    }

    static StatusRuntimeException of(ErrorCode code, String message) {
        Metadata trailers = new Metadata();
        trailers.put(CODE, code.name());
        return new StatusRuntimeException(status(code).withDescription(message), trailers);
    }

    private static String shortened(ForgeException error) {
        String message = error.getMessage();
        return message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) + "..." : message;
    }

    /** The status of an error code. */
    static Status status(ErrorCode code) {
        return switch (code) {
            case AUTHENTICATION -> Status.UNAUTHENTICATED;
            case PERMISSION -> Status.PERMISSION_DENIED;
            case NOT_FOUND -> Status.NOT_FOUND;
            case INVALID_REQUEST, CONTEXT_LENGTH, CONTENT_FILTERED -> Status.INVALID_ARGUMENT;
            case UNSUPPORTED -> Status.UNIMPLEMENTED;
            case RATE_LIMITED, QUOTA, RESOURCE_EXHAUSTED -> Status.RESOURCE_EXHAUSTED;
            case TIMEOUT -> Status.DEADLINE_EXCEEDED;
            case UNAVAILABLE -> Status.UNAVAILABLE;
            case CANCELLED -> Status.CANCELLED;
            case PROTOCOL, INTERNAL -> Status.INTERNAL;
        };
    }
}
