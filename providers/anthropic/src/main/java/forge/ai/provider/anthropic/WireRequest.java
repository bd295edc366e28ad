package forge.ai.provider.anthropic;

import com.fasterxml.jackson.databind.node.TextNode;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Wire;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A request as it came: its values stay as they stand, but for the model's name and what the upstream would refuse. */
final class WireRequest implements Outgoing {

    private final Map<String, String> fields;
    private final String model;

    /** @param maxTokens the most tokens of the answer where the request does not say */
    WireRequest(ChatRequest request, Wire wire, int maxTokens) {
        model = request.model();
        try {
            fields = Json.fields(wire.json());
        } catch (IOException e) {
            throw new InvalidRequestException("what came on the wire is not a JSON object");
        }
        fields.put("model", TextNode.valueOf(model).toString());
        fields.putIfAbsent("max_tokens", Integer.toString(maxTokens));
        fields.remove("stream");
    }

    @Override
    public Need need() {
        boolean sampling = Sampling.FIELDS.stream().anyMatch(fields::containsKey);
        return new Need(model, sampling, Need.former(fields.getOrDefault("messages", "")));
    }

    @Override
    public byte[] message(Plan plan, boolean stream) {
        Map<String, String> sent = new LinkedHashMap<>(fields);
        if (plan.sampling() == Sampling.NONE) {
            sent.keySet().removeAll(Sampling.FIELDS);
        } else if (plan.sampling() == Sampling.ONE && sent.containsKey(Sampling.TEMPERATURE)) {
            sent.remove(Sampling.TOP_P);
        }
        if (stream) {
            sent.put("stream", "true");
        }
        return Json.write(sent);
    }

    @Override
    public byte[] count() {
        Map<String, String> sent = new LinkedHashMap<>(fields);
        sent.keySet().retainAll(COUNTED);
        return Json.write(sent);
    }
}
