package forge.ai.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.llm.Extensions;
import forge.ai.runtime.support.anthropic.Messages;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The trial features that a request asks for. */
final class Betas {

    private Betas() {}

    /** The value of the header for those of the configuration and of a request, or empty. */
    static String of(Collection<String> configured, Map<String, String> extensions) {
        Set<String> all = new LinkedHashSet<>(configured);
        String own = Extensions.of(Messages.DIALECT, extensions).get("betas");
        if (own != null) {
            for (JsonNode beta : list(own)) {
                String name = beta.asText();
                if (!name.matches("[A-Za-z0-9._-]+")) {
                    throw new InvalidRequestException("betas has something else than names");
                }
                all.add(name);
            }
        }
        return String.join(",", all);
    }

    private static JsonNode list(String betas) {
        try {
            JsonNode list = Json.read(betas);
            if (list.isArray()) {
                return list;
            }
        } catch (IOException e) {
            // Refused below.
        }
        throw new InvalidRequestException("betas is not a JSON list");
    }
}
