package forge.ai.runtime.server.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.Usage;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.Optional;

/**
 * A response as it stands at one moment.
 *
 * @param created in seconds since 1970
 * @param model that answers
 * @param status such as {@code in_progress}
 * @param completed in seconds since 1970, once it is
 * @param stored whether it is, or is to be, kept
 * @param error code and message, if it failed
 * @param incomplete why it is not complete, or empty
 */
record ResponseDocument(
        ResponseRequest request,
        String id,
        long created,
        String model,
        String status,
        Optional<Long> completed,
        boolean stored,
        Optional<Failure> error,
        String incomplete,
        Output output,
        Optional<Usage> usage) {

    /** What went wrong, in the words of the dialect. */
    record Failure(String code, String message) {}

    void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", id);
        json.writeStringField("object", "response");
        json.writeNumberField("created_at", created);
        json.writeStringField("status", status);
        json.writeBooleanField("background", false);
        json.writeFieldName("completed_at");
        if (completed.isPresent()) {
            json.writeNumber(completed.get());
        } else {
            json.writeNull();
        }
        ended(json);
        json.writeStringField("model", model);
        output.write(json);
        json.writeBooleanField("store", stored);
        asked(json);
        usage(json);
        json.writeEndObject();
    }

    private void ended(JsonGenerator json) throws IOException {
        if (error.isPresent()) {
            json.writeObjectFieldStart("error");
            json.writeStringField("code", error.get().code());
            json.writeStringField("message", error.get().message());
            json.writeEndObject();
        } else {
            json.writeNullField("error");
        }
        if (incomplete.isEmpty()) {
            json.writeNullField("incomplete_details");
        } else {
            json.writeObjectFieldStart("incomplete_details");
            json.writeStringField("reason", incomplete);
            json.writeEndObject();
        }
    }

    /** What the client asked for, with what it means where nothing was said. */
    private void asked(JsonGenerator json) throws IOException {
        repeat(json, "instructions", "null");
        repeat(json, "max_output_tokens", "null");
        repeat(json, "max_tool_calls", "null");
        repeat(json, "metadata", "{}");
        repeat(json, "parallel_tool_calls", "true");
        repeat(json, "previous_response_id", "null");
        repeat(json, "prompt_cache_key", "null");
        json.writeObjectFieldStart("reasoning");
        part(json, "reasoning", "effort", "null");
        part(json, "reasoning", "summary", "null");
        json.writeEndObject();
        repeat(json, "safety_identifier", "null");
        repeat(json, "service_tier", "\"default\"");
        repeat(json, "temperature", "null");
        json.writeObjectFieldStart("text");
        part(json, "text", "format", "{\"type\":\"text\"}");
        part(json, "text", "verbosity", "\"medium\"");
        json.writeEndObject();
        repeat(json, "tool_choice", "\"auto\"");
        tools(json);
        repeat(json, "top_logprobs", "0");
        repeat(json, "top_p", "null");
        repeat(json, "truncation", "\"disabled\"");
        repeat(json, "user", "null");
    }

    private void repeat(JsonGenerator json, String field, String otherwise) throws IOException {
        value(json, request.body(), field, otherwise);
    }

    private void part(JsonGenerator json, String object, String field, String otherwise) throws IOException {
        value(json, request.body().path(object), field, otherwise);
    }

    private static void value(JsonGenerator json, JsonNode from, String field, String otherwise) throws IOException {
        JsonNode value = from.path(field);
        json.writeFieldName(field);
        json.writeRawValue(value.isMissingNode() || value.isNull() ? otherwise : value.toString());
    }

    /** With each field that clients expect. */
    private void tools(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("tools");
        for (JsonNode tool : request.body().path("tools")) {
            json.writeStartObject();
            json.writeStringField("type", Json.text(tool, "type"));
            value(json, tool, "name", "\"\"");
            value(json, tool, "description", "null");
            value(json, tool, "parameters", "null");
            value(json, tool, "strict", "false");
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void usage(JsonGenerator json) throws IOException {
        if (usage.isEmpty()) {
            json.writeNullField("usage");
            return;
        }
        Usage tokens = usage.get();
        json.writeObjectFieldStart("usage");
        json.writeNumberField("input_tokens", tokens.inputTokens());
        json.writeObjectFieldStart("input_tokens_details");
        json.writeNumberField("cached_tokens", tokens.cachedInputTokens());
        json.writeNumberField("cache_write_tokens", tokens.cacheWriteTokens());
        json.writeEndObject();
        json.writeNumberField("output_tokens", tokens.outputTokens());
        json.writeObjectFieldStart("output_tokens_details");
        json.writeNumberField("reasoning_tokens", tokens.reasoningTokens());
        json.writeEndObject();
        json.writeNumberField("total_tokens", tokens.totalTokens());
        json.writeEndObject();
    }
}
