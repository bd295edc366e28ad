package forge.ai.runtime.server.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** A call of a function. */
final class CallItem extends OutputItem {

    private final String callId;
    private final String name;
    private final StringBuilder arguments = new StringBuilder();

    CallItem(String id, int index, String callId, String name) {
        super("function_call", id, index);
        this.callId = callId;
        this.name = name;
    }

    void arguments(Emitter out, String delta) throws IOException {
        arguments.append(delta);
        emit(out, "response.function_call_arguments.delta", json -> json.writeStringField("delta", delta));
    }

    @Override
    void finish(Emitter out) throws IOException {
        if (arguments.isEmpty()) {
            arguments.append("{}");
        }
        emit(out, "response.function_call_arguments.done", json -> {
            json.writeStringField("name", name);
            json.writeStringField("arguments", arguments.toString());
        });
    }

    @Override
    void fields(JsonGenerator json) throws IOException {
        json.writeStringField("call_id", callId);
        json.writeStringField("name", name);
        json.writeStringField("arguments", arguments.toString());
    }
}
