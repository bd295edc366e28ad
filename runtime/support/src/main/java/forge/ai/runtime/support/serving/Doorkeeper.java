package forge.ai.runtime.support.serving;

import forge.ai.api.AuthenticationException;
import forge.ai.api.PermissionException;
import forge.ai.api.UnavailableException;
import forge.ai.api.llm.Caller;
import forge.ai.api.llm.Callers;
import forge.ai.runtime.support.lease.Lease;
import forge.ai.runtime.support.lease.LeaseRouter;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds out in whose name a request is made, by the key that it presents in one of the ways of the dialects. */
public final class Doorkeeper {

    /** When a key is asked for. */
    public enum Authentication {
        /** Once one is configured. */
        AUTO,
        /** Always. */
        REQUIRED,
        /** Never: everybody is anonymous. */
        NONE;

        /** @throws IllegalArgumentException if the configuration says something else */
        public static Authentication of(String mode) {
            return switch (mode) {
                case "auto" -> AUTO;
                case "required" -> REQUIRED;
                case "none" -> NONE;
                default ->
                    throw new IllegalArgumentException(
                            "authentication = " + mode + " is refused; allowed: auto, required, none");
            };
        }
    }

    /** The headers of a request by name, which is given in small letters. */
    public interface Headers {
        @Nullable
        String get(String name);
    }

    private static final String BEARER = "bearer ";

    private final LeaseRouter<Callers> callers;
    private final Supplier<Authentication> authentication;
    /** What held when the keys could last be looked at: who has locked a door does not find it open for a while. */
    private volatile boolean closed;

    public Doorkeeper(LeaseRouter<Callers> callers, Supplier<Authentication> authentication) {
        this.callers = callers;
        this.authentication = authentication;
    }

    /**
     * In whose name the request is made.
     *
     * @throws AuthenticationException if a key is needed and there is none, or it is nobody's
     */
    public Caller caller(Headers headers) {
        Authentication mode = authentication.get();
        if (mode == Authentication.NONE) {
            return Caller.ANONYMOUS;
        }
        try (Lease<Callers> lease = callers.acquire().orElse(null)) {
            if (lease != null) {
                closed = lease.service().closed();
            } else if (closed) {
                throw new UnavailableException("keys cannot be checked now; try again");
            }
            if (!closed && mode == Authentication.AUTO) {
                return Caller.ANONYMOUS;
            }
            String key = key(headers)
                    .orElseThrow(() -> new AuthenticationException(
                            "a key is needed: Authorization: Bearer KEY, x-api-key: KEY or api-key: KEY"));
            if (lease == null) {
                throw new UnavailableException("keys are needed, but what knows them is not there");
            }
            return lease.service().authenticate(key);
        }
    }

    /** @throws PermissionException if a caller has not a role that is needed */
    public static void require(Caller caller, String role) {
        if (!caller.roles().contains(role)) {
            throw new PermissionException("the key '" + caller.name() + "' has not the role " + role);
        }
    }

    private static Optional<String> key(Headers headers) {
        String authorization = headers.get("authorization");
        if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Optional.of(authorization.substring(BEARER.length()).strip());
        }
        return Optional.ofNullable(headers.get("x-api-key")).or(() -> Optional.ofNullable(headers.get("api-key")));
    }
}
