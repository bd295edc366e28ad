package forge.ai.runtime.server;

import forge.ai.api.AuthenticationException;
import forge.ai.api.UnavailableException;
import forge.ai.api.llm.Caller;
import forge.ai.api.llm.Callers;
import forge.ai.runtime.support.lease.Lease;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.function.Supplier;

/** Finds out in whose name a request is made, by the key that it presents in one of the ways of the dialects. */
final class Doorkeeper {

    /** When a key is asked for. */
    enum Authentication {
        /** Once one is configured. */
        AUTO,
        /** Always. */
        REQUIRED,
        /** Never: everybody is anonymous. */
        NONE
    }

    private static final String BEARER = "bearer ";

    private final Services services;
    private final Supplier<Authentication> authentication;
    /** What held when the keys could last be looked at: who has locked a door does not find it open for a while. */
    private volatile boolean closed;

    Doorkeeper(Services services, Supplier<Authentication> authentication) {
        this.services = services;
        this.authentication = authentication;
    }

    /**
     * In whose name the request is made.
     *
     * @throws AuthenticationException if a key is needed and there is none, or it is nobody's
     */
    Caller caller(HttpServletRequest request) {
        Authentication mode = authentication.get();
        if (mode == Authentication.NONE) {
            return Caller.ANONYMOUS;
        }
        try (Lease<Callers> lease = services.callers.acquire().orElse(null)) {
            if (lease != null) {
                closed = lease.service().closed();
            } else if (closed) {
                throw new UnavailableException("keys cannot be checked now; try again");
            }
            if (!closed && mode == Authentication.AUTO) {
                return Caller.ANONYMOUS;
            }
            String key = key(request)
                    .orElseThrow(() -> new AuthenticationException(
                            "a key is needed: Authorization: Bearer KEY, x-api-key: KEY or api-key: KEY"));
            if (lease == null) {
                throw new UnavailableException("keys are needed, but what knows them is not there");
            }
            return lease.service().authenticate(key);
        }
    }

    private static Optional<String> key(HttpServletRequest request) {
        String authorization = request.getHeader("Authorization");
        if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Optional.of(authorization.substring(BEARER.length()).strip());
        }
        return Optional.ofNullable(request.getHeader("x-api-key"))
                .or(() -> Optional.ofNullable(request.getHeader("api-key")));
    }
}
