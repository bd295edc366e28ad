package forge.ai.provider.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.runtime.testkit.ScriptedExchange;
import forge.ai.runtime.testkit.llm.OpenAiServer;
import java.util.ArrayList;
import java.util.List;

/** A small router: OpenAI's dialect, and feature extraction of the same model. */
final class HuggingFaceServer {

    static final String PIPELINE = "/hf-inference/models/" + OpenAiServer.MODEL + "/pipeline/feature-extraction";

    final OpenAiServer chats = new OpenAiServer();

    void answer(ScriptedExchange x) throws Exception {
        if (x.path().equals(PIPELINE)) {
            List<String> vectors = new ArrayList<>();
            for (JsonNode input : new ObjectMapper().readTree(x.body()).get("inputs")) {
                vectors.add("[" + input.textValue().length() + ",1]");
            }
            x.answer(200, "application/json", vectors.toString());
        } else if (x.path().contains("/pipeline/")) {
            x.answer(404, "application/json", "{\"error\":\"Model not found\"}");
        } else {
            chats.answer(x);
        }
    }
}
