package forge.ai.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmModel.Capability;
import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.UpstreamErrors;
import forge.ai.runtime.support.http.UpstreamRequest;
import forge.ai.runtime.support.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Asks for the models, page by page. */
final class ModelList {

    private static final int MAX_PAGES = 100;

    private final Sender sender;
    private final Settings settings;
    private final UpstreamErrors errors;

    ModelList(Sender sender, Settings settings, UpstreamErrors errors) {
        this.sender = sender;
        this.settings = settings;
        this.errors = errors;
    }

    List<LlmModel> all() {
        List<LlmModel> models = new ArrayList<>();
        String query = "limit=1000";
        for (int page = 0; page < MAX_PAGES; page++) {
            JsonNode root = page(query);
            for (JsonNode entry : root.path("data")) {
                if (!Json.text(entry, "id").isEmpty()) {
                    models.add(model(entry));
                }
            }
            if (!root.path("has_more").asBoolean()) {
                return models;
            }
            String next =
                    "limit=1000&after_id=" + URLEncoder.encode(Json.text(root, "last_id"), StandardCharsets.UTF_8);
            if (next.equals(query)) {
                break;
            }
            query = next;
        }
        throw errors.protocol("a list of models without an end");
    }

    /** Asks for the first one alone. */
    void first() {
        page("limit=1");
    }

    private JsonNode page(String query) {
        Sender.Parcel parcel = new Sender.Parcel(
                Need.NOTHING, String.join(",", settings.betas()), plan -> UpstreamRequest.get("/v1/models?" + query));
        HttpAnswer answer = sender.call(parcel, settings.endpoint().limits().firstToken());
        JsonNode root = answer.json(errors);
        if (!root.path("data").isArray()) {
            throw errors.protocol("a list of models without data", answer);
        }
        return root;
    }

    private static LlmModel model(JsonNode entry) {
        LlmModel model = LlmModel.of(Json.text(entry, "id")).withOwner("anthropic");
        try {
            model = model.withCreated(Instant.parse(Json.text(entry, "created_at")));
        } catch (DateTimeException e) {
            // Not known.
        }
        long window = Json.number(entry, "max_input_tokens").orElse(0);
        if (window > 0 && window <= Integer.MAX_VALUE) {
            model = model.withContextTokens((int) window);
        }
        return Json.present(entry, "capabilities")
                .map(ModelList::capabilities)
                .map(set -> set.toArray(Capability[]::new))
                .map(model::withCapabilities)
                .orElse(model);
    }

    /** Chat and tools are what the interface is for; the rest is said. */
    private static Set<Capability> capabilities(JsonNode said) {
        Set<Capability> all = EnumSet.of(Capability.CHAT, Capability.TOOLS);
        if (said.path("image_input").path("supported").asBoolean()) {
            all.add(Capability.VISION);
        }
        if (said.path("thinking").path("supported").asBoolean()) {
            all.add(Capability.REASONING);
        }
        return all;
    }
}
