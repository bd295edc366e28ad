package forge.ai.provider.azure;

import forge.ai.api.ErrorDetails;
import forge.ai.api.NotFoundException;
import forge.ai.runtime.support.http.Endpoint;
import forge.ai.runtime.support.http.HttpUpstream;
import forge.ai.runtime.support.http.Secrets;
import forge.ai.runtime.support.http.TimeLimits;
import forge.ai.runtime.support.openai.OpenAiClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** One configuration in force: its regions, what opens them, and the clients for them. Immutable but for their health. */
record Regions(
        Settings settings, List<Region> all, Credentials credentials, HttpUpstream upstream, LongSupplier clock) {

    static Regions of(Settings settings, HttpUpstream upstream, LongSupplier clock) {
        return new Regions(
                settings,
                settings.endpoints().stream().map(Region::new).toList(),
                credentials(settings, upstream, clock),
                upstream,
                clock);
    }

    private static Credentials credentials(Settings settings, HttpUpstream upstream, LongSupplier clock) {
        return settings.entra()
                .<Credentials>map(e -> new EntraTokens(settings.name(), e, settings.limits(), upstream, clock))
                .orElseGet(() -> new KeyRing(settings.keys()));
    }

    /** With another configuration; the health of regions and the token stay where they are still the same. */
    Regions with(Settings next) {
        List<Region> regions = next.endpoints().stream()
                .map(address -> all.stream()
                        .filter(r -> r.address().equals(address))
                        .findFirst()
                        .orElseGet(() -> new Region(address)))
                .toList();
        boolean sameTokens = credentials instanceof EntraTokens tokens
                && next.entra().filter(tokens::of).isPresent();
        return new Regions(
                next, regions, sameTokens ? credentials : credentials(next, upstream, clock), upstream, clock);
    }

    /** The deployment of a model. */
    String deployment(String model) {
        String deployment = settings.deployments().getOrDefault(model, model);
        // It becomes a part of the path.
        if (!deployment.matches("[A-Za-z0-9_][A-Za-z0-9._-]*")) {
            throw new NotFoundException(
                    settings.name() + ": no deployment has the name of this model",
                    ErrorDetails.ofProvider(settings.name()));
        }
        return deployment;
    }

    /** The attempts at a call to a deployment; {@code limit} is the configured one for this kind of call. */
    RegionalAttempts attempts(String deployment, Optional<Duration> timeout, Duration limit) {
        Optional<Duration> own = timeout.filter(t -> limit.isZero() || t.compareTo(limit) < 0);
        return new RegionalAttempts(all, credentials, deployment, own.orElse(limit), own.isPresent(), clock);
    }

    /** For what concerns no deployment. */
    OpenAiClient client(Access access) {
        return at(access, settings.v1() ? "/openai/v1" : "/openai");
    }

    /** For calls of a deployment. */
    OpenAiClient client(Access access, String deployment) {
        return at(access, settings.v1() ? "/openai/v1" : "/openai/deployments/" + deployment);
    }

    private OpenAiClient at(Access access, String path) {
        TimeLimits limits = settings.limits();
        Credential credential = access.credential();
        String[] secrets = Stream.concat(Stream.of(credentials.secrets()), Stream.of(credential.secret()))
                .toArray(String[]::new);
        return new OpenAiClient(
                upstream,
                new Endpoint(
                        settings.name(),
                        access.region().address() + path,
                        settings.query(),
                        credential.headers(),
                        access.left().isZero() ? limits : limits.within(access.left()),
                        Secrets.of(secrets)),
                settings.dialect());
    }
}
