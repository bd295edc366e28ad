package forge.ai.runtime.conversations;

import forge.ai.api.conversation.Turn;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.LlmService;
import forge.ai.api.llm.Message;
import forge.ai.runtime.support.lease.Lease;
import forge.ai.runtime.support.llm.Characters;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** Asks models with what was said before, and keeps what they say. */
final class Chats {

    private final TurnStore store;
    private final TokenScale scale = new TokenScale();
    private final Trim trim;

    Chats(TurnStore store, Supplier<Settings> settings) {
        this.store = store;
        this.trim = new Trim(settings, new Windows(settings, System::nanoTime), scale);
    }

    ChatRequest resume(String turn, ChatRequest request, LlmService llm) {
        List<Message> history = turn.isEmpty() ? List.of() : store.history(turn);
        return trim.fit(history, request, llm);
    }

    Completion whole(LlmService llm, String conversation, ChatRequest request) {
        String previous = store.open(conversation);
        ChatRequest resumed = resume(previous, request, llm);
        Completion answer = llm.chat(resumed);
        keep(conversation, previous, request, resumed, answer);
        return answer;
    }

    /** @param lease held until the stream is closed */
    CompletionStream stream(LlmService llm, String conversation, ChatRequest request, Lease<LlmService> lease) {
        String previous = store.open(conversation);
        ChatRequest resumed = resume(previous, request, llm);
        return new KeptStream(
                llm.streamChat(resumed), answer -> keep(conversation, previous, request, resumed, answer), lease);
    }

    private void keep(
            String conversation, String previous, ChatRequest request, ChatRequest resumed, Completion answer) {
        answer.usage().ifPresent(u -> scale.learn(request.model(), Characters.of(resumed), u.inputTokens()));
        List<Message> said = new ArrayList<>(request.messages());
        said.removeIf(message -> message.role() == Message.Role.SYSTEM);
        if (!answer.content().isEmpty()) {
            said.add(new Message(Message.Role.ASSISTANT, answer.content()));
        }
        store.append(Turn.of(UUID.randomUUID().toString(), previous, said).withConversation(conversation));
    }
}
