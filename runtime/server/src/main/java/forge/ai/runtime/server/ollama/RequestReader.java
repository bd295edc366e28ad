package forge.ai.runtime.server.ollama;

import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.Wire;
import forge.ai.runtime.server.Fields;
import forge.ai.runtime.server.FunctionTools;
import forge.ai.runtime.server.RequestWire;
import forge.ai.runtime.server.Unheld;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads requests for chats and plain completions. */
final class RequestReader {

    private static final Set<String> CHAT = Set.of("messages", "tools");
    private static final Set<String> GENERATE =
            Set.of("prompt", "system", "images", "raw", "suffix", "template", "context");

    private RequestReader() {}

    /** @param bytes the whole body */
    static ChatRequest chat(byte[] bytes, Fields body) {
        OptionsReader options = new OptionsReader(body, CHAT);
        Unheld unheld = new Unheld();
        ChatRequest.Builder request = ChatRequest.builder(body.required("model"))
                .messages(MessageReader.read(body))
                .tools(FunctionTools.read(body, unheld))
                .format(OptionsReader.format(body))
                .options(options.options())
                .extensions(options.extensions())
                .wire(RequestWire.of(Wire.OLLAMA_CHAT, bytes, body));
        unheld.first().ifPresent(request::wireOnly);
        return request.build();
    }

    /** A prompt that goes through the model's template: a chat of one message. */
    static ChatRequest prompt(Fields body) {
        for (String name : List.of("suffix", "template", "context")) {
            if (body.get(name)
                    .filter(value -> !value.isEmpty() || !value.asText().isEmpty())
                    .isPresent()) {
                throw body.unsupported(name, "not held; leave it out, or ask /api/chat with the messages so far");
            }
        }
        OptionsReader options = new OptionsReader(body, GENERATE);
        List<Message> messages = new ArrayList<>();
        body.text("system").filter(text -> !text.isEmpty()).ifPresent(text -> messages.add(Message.system(text)));
        List<Content> said = new ArrayList<>();
        body.text("prompt").filter(text -> !text.isEmpty()).ifPresent(text -> said.add(new Content.Text(text)));
        said.addAll(Pictures.read(body));
        messages.add(new Message(Message.Role.USER, said));
        return ChatRequest.builder(body.required("model"))
                .messages(messages)
                .format(OptionsReader.format(body))
                .options(options.options())
                .extensions(options.extensions())
                .build();
    }

    /** A prompt that goes to the model as it stands. */
    static CompletionRequest raw(Fields body) {
        for (String name : List.of("suffix", "system", "template", "context", "images", "format")) {
            if (body.get(name)
                    .filter(value -> !value.isEmpty() || !value.asText().isEmpty())
                    .isPresent()) {
                throw body.unsupported(name, "not held together with raw; leave one of them out");
            }
        }
        OptionsReader options = new OptionsReader(body, GENERATE);
        return new CompletionRequest(
                body.required("model"), body.text("prompt").orElse(""), options.options(), options.extensions());
    }
}
