package forge.ai.runtime.server;

import forge.ai.api.ErrorCode;
import java.util.Collection;
import java.util.List;

/** A request that the front itself refuses, with an HTTP status that no error code has. */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final ErrorCode code;
    private final String allow;

    private Refusal(int status, ErrorCode code, String message, String allow) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.allow = allow;
    }

    public Refusal(int status, ErrorCode code, String message) {
        this(status, code, message, "");
    }

    static Refusal noSuchPath(List<String> path) {
        return new Refusal(404, ErrorCode.NOT_FOUND, "there is nothing at /" + String.join("/", path));
    }

    static Refusal wrongMethod(String method, Collection<String> allowed) {
        String methods = String.join(", ", allowed);
        return new Refusal(
                405,
                ErrorCode.INVALID_REQUEST,
                "method " + method + " is not allowed here; allowed: " + methods,
                methods);
    }

    static Refusal stopping() {
        return new Refusal(503, ErrorCode.UNAVAILABLE, "the server stops; try again later or elsewhere");
    }

    static Refusal bodyTooLarge(long limit) {
        return new Refusal(
                413,
                ErrorCode.INVALID_REQUEST,
                "the body is larger than " + limit + " bytes, the limit of this server (maxBodyBytes)");
    }

    int status() {
        return status;
    }

    ErrorCode code() {
        return code;
    }

    /** The methods that are allowed, or empty. */
    String allow() {
        return allow;
    }
}
