package forge.ai.console.shell;

import forge.ai.api.CancelledException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmService;
import forge.ai.api.llm.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ai:chat}: a language model answers, shown as it speaks. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=chat"})
public final class ChatCommand implements ShellCommand {

    private final LlmService llm;

    @Activate
    public ChatCommand(@Reference LlmService llm) {
        this.llm = llm;
    }

    @Override
    public Usage usage() {
        return Usage.of(
                "chat",
                "[--json] [--system TEXT] [--max-tokens N] [--temperature X] MODEL TEXT...",
                "asks a language model, named provider/model or by a route");
    }

    @Override
    public void run(Call call) {
        ChatRequest request = request(call.words());
        if (call.words().has("--json")) {
            Completion answer = llm.chat(request);
            call.output().json(json -> ChatAnswer.write(json, answer));
            return;
        }
        // An interrupt makes the wait for the next event fail, and closing ends the call upstream.
        try (CompletionStream stream = llm.streamChat(request)) {
            stream.forEachRemaining(event -> show(event, call.output()));
        }
    }

    private static ChatRequest request(Words words) {
        List<Message> messages = new ArrayList<>();
        words.option("--system").map(Message::system).ifPresent(messages::add);
        messages.add(Message.user(words.text("TEXT")));
        GenerationOptions.Builder options = GenerationOptions.builder();
        words.integer("--max-tokens").ifPresent(options::maxTokens);
        words.number("--temperature").ifPresent(options::temperature);
        return ChatRequest.builder(words.value("MODEL"))
                .messages(messages)
                .options(options.build())
                .build();
    }

    private static void show(CompletionEvent event, Output output) {
        switch (event) {
            case CompletionEvent.TextDelta delta -> output.piece(delta.text());
            case CompletionEvent.RefusalDelta delta -> output.piece(delta.text());
            case CompletionEvent.Finished finished -> {
                output.line("");
                if (finished.reason() != FinishReason.STOP) {
                    output.note("(ended: " + finished.reason().name().toLowerCase(Locale.ROOT) + ")");
                }
            }
            default -> {
                // Thoughts and calls of tools are for programs.
            }
        }
        if (output.broken()) {
            throw new CancelledException("nobody reads the answer any more");
        }
    }

    @Override
    public List<String> choices(Begun begun) {
        return begun.place().equals("MODEL")
                ? llm.models().stream().map(LlmModel::id).toList()
                : List.of();
    }
}
