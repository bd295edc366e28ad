package forge.ai.runtime.llm;

import forge.ai.api.ErrorCode;
import forge.ai.api.ErrorDetails;
import forge.ai.api.ForgeException;
import forge.ai.api.InternalException;
import forge.ai.api.UnavailableException;
import forge.ai.api.llm.Attribution;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the failures of providers mean. */
final class Failures {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    /** Failures that say that a provider is not well, rather than that a request is not. */
    private static final Set<ErrorCode> ILL = Set.of(
            ErrorCode.UNAVAILABLE,
            ErrorCode.TIMEOUT,
            ErrorCode.PROTOCOL,
            ErrorCode.INTERNAL,
            ErrorCode.AUTHENTICATION,
            ErrorCode.QUOTA);

    private static final Duration MOST = Duration.ofDays(1);
    private static final int REQUEST_TIMEOUT = 408;
    private static final int CONFLICT = 409;

    private Failures() {}

    /** The failure as the error that crosses bundles, with the provider's name in it. */
    static ForgeException of(Throwable thrown, String provider) {
        if (!(thrown instanceof ForgeException failure)) {
            // Its class may be the plug-in's own and its message may hold anything: neither leaves this place but by
            // the log.
            LOG.warn("provider '{}' failed unforeseen", provider, thrown);
            return new InternalException(
                    "provider '" + provider + "' failed unforeseen ("
                            + thrown.getClass().getSimpleName() + "); see the log",
                    ErrorDetails.ofProvider(provider));
        }
        if (failure.code() == ErrorCode.CANCELLED) {
            // Nobody here cancelled: the provider gave up by itself, as one does that is being stopped.
            return new UnavailableException(
                    "provider '" + provider + "' gave the call up: " + failure.getMessage(),
                    failure.details().withProvider(provider));
        }
        return failure.details().provider().isEmpty() ? named(failure, failure.getMessage(), provider) : failure;
    }

    private static ForgeException named(ForgeException failure, String message, String provider) {
        ForgeException named =
                ForgeException.of(failure.code(), message, failure.details().withProvider(provider));
        named.setStackTrace(failure.getStackTrace());
        return named;
    }

    /** The failure, saying who was asked and what it took. */
    static ForgeException explained(ForgeException failure, Attribution attribution) {
        if (failure.details().attribution().isPresent()) {
            return failure;
        }
        ForgeException explained = ForgeException.of(
                failure.code(), failure.getMessage(), failure.details().withAttribution(attribution));
        explained.setStackTrace(failure.getStackTrace());
        if (failure.getCause() != null) {
            explained.initCause(failure.getCause());
        }
        return explained;
    }

    /** The last failure, saying what was tried before it. */
    static ForgeException afterOthers(ForgeException last, String trail) {
        return named(
                last, last.getMessage() + " (" + trail + ")", last.details().provider());
    }

    /** Whether the same call may succeed at the same place a little later. */
    static boolean retriable(ForgeException failure) {
        int status = failure.details().status();
        return failure.code().retriable() || status == REQUEST_TIMEOUT || status == CONFLICT;
    }

    /** The pause that was asked for, at most a day. */
    static Optional<Duration> retryAfter(ForgeException failure) {
        return failure.retryAfter().map(time -> time.compareTo(MOST) < 0 ? time : MOST);
    }

    static boolean ill(ForgeException failure) {
        return ILL.contains(failure.code());
    }
}
