package forge.ai.provider.azure;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.AuthenticationException;
import forge.ai.api.ForgeException;
import forge.ai.runtime.support.http.Endpoint;
import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.HttpUpstream;
import forge.ai.runtime.support.http.Secrets;
import forge.ai.runtime.support.http.TimeLimits;
import forge.ai.runtime.support.http.UpstreamErrors;
import forge.ai.runtime.support.http.UpstreamRequest;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tokens by OAuth's client credentials (RFC 6749, 4.4). One is kept and asked for anew before it runs out, by one caller
 * while the others go on with the old one; if that fails, the old one serves as long as it holds.
 */
final class EntraTokens implements Credentials {

    private static final Logger LOG = LoggerFactory.getLogger(EntraTokens.class);

    /** So long before its end a token is asked for anew, but not before half its life. */
    private static final Duration EARLY = Duration.ofMinutes(5);

    /** So long at most may it take to get one. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** So long the old one serves before the next try to get a new one. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    /** Lives this long where the answer does not say. */
    private static final long USUAL_SECONDS = 300;

    /** A token and, by {@link System#nanoTime}, when to ask for another and when it ends. */
    private record Grant(String token, long renewAt, long endsAt) {}

    private final Settings.Entra entra;
    private final HttpUpstream upstream;
    private final Endpoint endpoint;
    private final UpstreamErrors errors;
    private final LongSupplier clock;
    private final ReentrantLock asking = new ReentrantLock();
    private final AtomicReference<@Nullable Grant> grant = new AtomicReference<>();

    EntraTokens(String provider, Settings.Entra entra, TimeLimits limits, HttpUpstream upstream, LongSupplier clock) {
        this.entra = entra;
        this.upstream = upstream;
        this.endpoint = new Endpoint(provider, entra.tokenUrl(), Map.of(), limits, Secrets.of(entra.clientSecret()));
        this.errors = new UpstreamErrors(endpoint);
        this.clock = clock;
    }

    /** Whether these are the tokens of this application. */
    boolean of(Settings.Entra other) {
        return entra.equals(other);
    }

    @Override
    public Credential current(Region region, Duration limit) {
        return new Credential.Token(token(limit.isZero() || limit.compareTo(LIMIT) > 0 ? LIMIT : limit));
    }

    /** A token that is refused before its end was revoked, so another may be taken. */
    @Override
    public Optional<Credential> another(Region region, Credential refused, Duration limit) {
        Grant known = grant.get();
        if (known != null && known.token().equals(refused.secret())) {
            grant.compareAndSet(known, null);
        }
        Credential next = current(region, limit);
        return next.secret().equals(refused.secret()) ? Optional.empty() : Optional.of(next);
    }

    @Override
    public String[] secrets() {
        return new String[] {entra.clientSecret()};
    }

    private String token(Duration limit) {
        Grant known = grant.get();
        long now = clock.getAsLong();
        if (known != null && now - known.renewAt() < 0) {
            return known.token();
        }
        boolean usable = known != null && now - known.endsAt() < 0;
        return usable ? renewed(known, limit) : awaited(limit);
    }

    /** By whoever comes first; the others take the old one. */
    private String renewed(Grant old, Duration limit) {
        if (!asking.tryLock()) {
            return old.token();
        }
        try {
            if (grant.get() != old) {
                return token(limit);
            }
            return ask(limit).token();
        } catch (ForgeException e) {
            LOG.warn("no new token, the old one is used while it holds: {}", e.getMessage());
            grant.compareAndSet(old, new Grant(old.token(), clock.getAsLong() + PAUSE.toNanos(), old.endsAt()));
            return old.token();
        } finally {
            asking.unlock();
        }
    }

    private String awaited(Duration limit) {
        try {
            if (!asking.tryLock(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                throw errors.timeout("no token", limit);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw errors.cancelled();
        }
        try {
            Grant known = grant.get();
            return known != null && clock.getAsLong() - known.renewAt() < 0
                    ? known.token()
                    : ask(limit).token();
        } finally {
            asking.unlock();
        }
    }

    private Grant ask(Duration limit) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "client_credentials");
        form.put("client_id", entra.clientId());
        form.put("client_secret", entra.clientSecret());
        form.put("scope", entra.scope());
        HttpAnswer answer = upstream.call(endpoint, UpstreamRequest.form("", form), limit);
        if (!answer.successful()) {
            throw refused(errors.status(answer), answer.status());
        }
        Grant fresh = read(answer);
        grant.set(fresh);
        return fresh;
    }

    private static ForgeException refused(ForgeException failure, int status) {
        return status >= 400 && status < 500 && !failure.code().retriable()
                ? new AuthenticationException("no token from Entra; " + failure.getMessage(), failure.details())
                : failure;
    }

    private Grant read(HttpAnswer answer) {
        JsonNode root;
        try {
            root = Json.read(answer.body());
        } catch (IOException e) {
            throw errors.protocol("an answer to the request for a token that is not JSON", answer);
        }
        String token = Json.text(root, "access_token");
        // It becomes a header.
        if (token.isEmpty() || !token.chars().allMatch(c -> c > 0x20 && c < 0x7F)) {
            throw errors.protocol("an answer without a token", answer);
        }
        Duration life = Duration.ofSeconds(Math.max(0, root.path("expires_in").asLong(USUAL_SECONDS)));
        Duration half = life.dividedBy(2);
        Duration early = EARLY.compareTo(half) < 0 ? EARLY : half;
        long now = clock.getAsLong();
        return new Grant(token, now + life.minus(early).toNanos(), now + life.toNanos());
    }

    @Override
    public String toString() {
        return "EntraTokens[" + entra + "]";
    }
}
