package forge.ai.runtime.server.responses;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.Content;
import java.util.List;
import java.util.Optional;

/**
 * A response that came to its end.
 *
 * @param content what was said in it
 * @param document the response as a whole
 * @param items what a later request can hand back of it, if it passed through as the upstream said it
 */
record Answered(String id, List<Content> content, String document, Optional<List<JsonNode>> items) {}
