package forge.ai.runtime.llm;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.llm.ResponseFormat;
import forge.ai.api.llm.Tool;
import forge.ai.api.llm.ToolChoice;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.support.llm.MessageJson;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything that shapes an answer, as one JSON document that is the same for equal requests: the whole request but for
 * its limit of time, where it goes, and in what state the providers were configured. It is compared whole.
 */
final class CacheKey {

    private final byte[] document;
    private final int hash;

    private CacheKey(Json.Document document) {
        this.document = Json.write(document);
        this.hash = Arrays.hashCode(this.document);
    }

    /**
     * The key of a conversation.
     *
     * @param stream whether the answer is to come piece by piece; only what came on the wire has an answer of its own for
     *     each, because the vendor's words differ
     */
    static CacheKey of(ChatRequest request, RoutePlan plan, Providers providers, boolean stream) {
        return new CacheKey(json -> {
            json.writeStartArray();
            json.writeString("chat");
            target(json, plan, providers);
            MessageJson.write(json, request.messages());
            tools(json, request);
            format(json, request.format());
            options(json, request.options());
            sorted(json, request.extensions());
            if (request.wire().isPresent()) {
                json.writeBoolean(stream);
                json.writeString(request.wire().get().dialect());
                json.writeString(request.wire().get().json());
            }
            json.writeEndArray();
        });
    }

    /** The key of a text. */
    static CacheKey of(CompletionRequest request, RoutePlan plan, Providers providers) {
        return new CacheKey(json -> {
            json.writeStartArray();
            json.writeString("text");
            target(json, plan, providers);
            json.writeString(request.prompt());
            options(json, request.options());
            sorted(json, request.extensions());
            json.writeEndArray();
        });
    }

    /** Where it goes: with another configuration of route or provider, another answer may come. */
    private static void target(JsonGenerator json, RoutePlan plan, Providers providers) throws IOException {
        json.writeString(plan.route());
        json.writeString(plan.strategy().key());
        json.writeStartArray();
        for (Target target : plan.targets()) {
            json.writeString(target.toString());
            json.writeNumber(providers.generation(target.provider()));
        }
        json.writeEndArray();
    }

    private static void tools(JsonGenerator json, ChatRequest request) throws IOException {
        json.writeStartArray();
        for (Tool tool : request.tools()) {
            json.writeString(tool.name());
            json.writeString(tool.description());
            json.writeString(tool.parameters());
            json.writeBoolean(tool.strict());
        }
        json.writeEndArray();
        switch (request.toolChoice()) {
            case ToolChoice.Auto c -> json.writeString("auto");
            case ToolChoice.None c -> json.writeString("none");
            case ToolChoice.Required c -> json.writeString("required");
            case ToolChoice.Named c -> json.writeString("named " + c.name());
        }
    }

    private static void format(JsonGenerator json, ResponseFormat format) throws IOException {
        switch (format) {
            case ResponseFormat.Text f -> json.writeString("text");
            case ResponseFormat.Json f -> json.writeString("json");
            case ResponseFormat.JsonSchema f -> {
                json.writeString("schema");
                json.writeString(f.name());
                json.writeString(f.schema());
                json.writeBoolean(f.strict());
            }
        }
    }

    private static void options(JsonGenerator json, GenerationOptions o) throws IOException {
        json.writeStartArray();
        for (Object option : new Object[] {
            o.maxTokens(),
            o.temperature(),
            o.topP(),
            o.topK(),
            o.minP(),
            o.repetitionPenalty(),
            o.frequencyPenalty(),
            o.presencePenalty(),
            o.seed(),
            o.logprobs(),
            o.reasoning(),
            o.parallelToolCalls(),
            o.user()
        }) {
            json.writeString(option.toString());
        }
        for (String stop : o.stop()) {
            json.writeString(stop);
        }
        json.writeEndArray();
    }

    private static void sorted(JsonGenerator json, Map<String, String> map) throws IOException {
        json.writeStartArray();
        for (var entry : new TreeMap<>(map).entrySet()) {
            json.writeString(entry.getKey());
            json.writeString(entry.getValue());
        }
        json.writeEndArray();
    }

    int bytes() {
        return document.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CacheKey key && hash == key.hash && Arrays.equals(document, key.document);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** It holds prompts. */
    @Override
    public String toString() {
        return "CacheKey[" + document.length + " bytes]";
    }
}
