package forge.ai.provider.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.CancelledException;
import forge.ai.api.ForgeException;
import forge.ai.api.NotFoundException;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.ModelCard;
import forge.ai.api.llm.PullProgress;
import forge.ai.runtime.support.http.Endpoint;
import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.HttpUpstream;
import forge.ai.runtime.support.http.UpstreamErrors;
import forge.ai.runtime.support.http.UpstreamRequest;
import forge.ai.runtime.support.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks after the models of one Ollama. What they can do stands in no list: each is asked about once, and its answer kept
 * for as long as the list has a model of the same digest. What Ollama says without a model is waited for no longer than
 * for a further token.
 */
final class LibraryClient {

    private final HttpUpstream upstream;
    private final Endpoint endpoint;
    private final UpstreamErrors errors;
    private volatile Map<String, LlmModel> known = Map.of();

    LibraryClient(HttpUpstream upstream, Endpoint endpoint) {
        this.upstream = upstream;
        this.endpoint = endpoint;
        this.errors = new UpstreamErrors(endpoint);
    }

    List<LlmModel> models() {
        HttpAnswer answer = get("/api/tags");
        JsonNode list = answer.json(errors).path("models");
        if (!list.isArray()) {
            throw errors.protocol("a list of models without models", answer);
        }
        Map<String, LlmModel> before = known;
        Map<String, LlmModel> now = new HashMap<>();
        List<LlmModel> models = new ArrayList<>();
        boolean asks = true;
        for (JsonNode entry : list) {
            String name = Json.text(entry, entry.has("name") ? "name" : "model");
            if (name.isEmpty()) {
                continue;
            }
            LlmModel details = before.get(Json.text(entry, "digest"));
            if (details == null && asks) {
                details = details(name);
                asks = details != null;
            }
            models.add(ModelReader.listed(name, entry, details));
            if (details != null) {
                now.put(Json.text(entry, "digest"), details);
            }
        }
        known = Map.copyOf(now);
        return models;
    }

    /** Null if Ollama does not say: the list is worth having all the same, and the others are then not asked about. */
    private @Nullable LlmModel details(String name) {
        try {
            return show(name).model();
        } catch (CancelledException e) {
            throw e;
        } catch (ForgeException e) {
            return null;
        }
    }

    ModelCard show(String model) {
        return ModelReader.card(model, post("/api/show", named(model)).json(errors));
    }

    void delete(String model) {
        HttpAnswer answer = upstream.call(endpoint, UpstreamRequest.delete("/api/delete", named(model)), limit());
        if (!answer.successful()) {
            throw errors.status(answer);
        }
    }

    void pull(String model, Consumer<PullProgress> listener) {
        byte[] body = Json.write(json -> {
            json.writeStartObject();
            json.writeStringField("model", model);
            json.writeBooleanField("stream", true);
            json.writeEndObject();
        });
        try (Pull pull =
                new Pull(upstream.stream(endpoint, UpstreamRequest.post("/api/pull", body)), endpoint.limits())) {
            pull.run(listener);
        }
    }

    /** Asks for as little as there is. */
    void probe() {
        try {
            get("/api/version").json(errors);
        } catch (NotFoundException e) {
            // Servers that are compatible with Ollama may have no version.
            get("/api/tags").json(errors);
        }
    }

    private static byte[] named(String model) {
        return Json.write(json -> {
            json.writeStartObject();
            json.writeStringField("model", model);
            json.writeEndObject();
        });
    }

    private HttpAnswer get(String path) {
        return upstream.call(endpoint, UpstreamRequest.get(path), limit());
    }

    private HttpAnswer post(String path, byte[] body) {
        return upstream.call(endpoint, UpstreamRequest.post(path, body), limit());
    }

    private Duration limit() {
        return endpoint.limits().idle();
    }
}
