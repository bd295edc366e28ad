package forge.ai.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.llm.ChatRequest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The trial features that a request asks for. */
final class Betas {

    /** The field in which a request names its own. */
    static final String FIELD = "betas";

    private Betas() {}

    /** The value of the header for those of the configuration and of a request, or empty. */
    static String of(List<String> configured, ChatRequest request) {
        Set<String> all = new LinkedHashSet<>(configured);
        for (JsonNode beta : Extras.of(request).list(FIELD)) {
            String name = beta.asText();
            if (!name.matches("[A-Za-z0-9._-]+")) {
                throw new InvalidRequestException(FIELD + " has something else than names");
            }
            all.add(name);
        }
        return String.join(",", all);
    }
}
