package forge.ai.provider.huggingface;

import forge.ai.api.ErrorDetails;
import forge.ai.api.NotFoundException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Embeddings;
import forge.ai.runtime.support.http.Endpoint;
import forge.ai.runtime.support.http.HttpUpstream;
import forge.ai.runtime.support.http.UpstreamErrors;
import forge.ai.runtime.support.http.UpstreamRequest;
import forge.ai.runtime.support.openai.Dialect;
import forge.ai.runtime.support.openai.OpenAiClient;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One configuration in force: which address serves a model, and how it is asked. Immutable. */
record Hub(Settings settings, HttpUpstream upstream) {

    private static final String OWN_SERVICE = "hf-inference";
    private static final Dialect DIALECT = new Dialect(false, "");

    /** Whether the model has an endpoint of its own. */
    boolean dedicated(String model) {
        return settings.endpoints().containsKey(model);
    }

    /** The router's client. */
    OpenAiClient router(Duration left) {
        return new OpenAiClient(upstream, endpoint(settings.router() + "/v1", left), DIALECT);
    }

    /** The client for a model: at its own endpoint, or at the router, which reads {@code model:provider} itself. */
    OpenAiClient client(String model, Duration left) {
        @Nullable String own = settings.endpoints().get(model);
        return own == null ? router(left) : new OpenAiClient(upstream, endpoint(own + "/v1", left), DIALECT);
    }

    /** @param left of the time, zero for no limit */
    private Endpoint endpoint(String address, Duration left) {
        return new Endpoint(
                settings.name(),
                address,
                settings.headers(),
                left.isZero() ? settings.limits() : settings.limits().within(left),
                settings.secrets());
    }

    Embeddings embed(EmbeddingRequest request, Duration left) {
        FeatureExtraction extraction = new FeatureExtraction(request, settings.name());
        @Nullable String own = settings.endpoints().get(request.model());
        Endpoint endpoint = endpoint(own == null ? settings.router() : own, left);
        String path = own == null ? routerPath(request.model()) : "";
        UpstreamErrors errors = new UpstreamErrors(endpoint);
        return extraction.read(
                upstream.call(
                        endpoint,
                        UpstreamRequest.post(path, extraction.body()).within(request.span()),
                        endpoint.limits().request()),
                errors);
    }

    private String routerPath(String model) {
        int colon = model.indexOf(':');
        String name = colon < 0 ? model : model.substring(0, colon);
        if (colon >= 0 && !model.substring(colon + 1).equals(OWN_SERVICE)) {
            throw new UnsupportedException(
                    settings.name() + ": feature extraction is known of " + OWN_SERVICE
                            + " and of dedicated endpoints, not of other inference providers",
                    ErrorDetails.ofProvider(settings.name()));
        }
        // It becomes a part of the path.
        if (!name.matches("\\w[\\w.-]*(/\\w[\\w.-]*)?")) {
            throw new NotFoundException(
                    settings.name() + ": no model has this name", ErrorDetails.ofProvider(settings.name()));
        }
        return "/" + OWN_SERVICE + "/models/" + name + "/pipeline/feature-extraction";
    }
}
