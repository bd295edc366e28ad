package forge.ai.runtime.server.responses;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.UnavailableException;
import forge.ai.api.llm.Caller;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.LlmService;
import forge.ai.runtime.server.Services;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes responses. */
final class ResponseMaker {

    private final KeptResponses kept;
    private final Ids ids = new Ids();

    ResponseMaker(Services services) {
        this.kept = new KeptResponses(services);
    }

    KeptResponses kept() {
        return kept;
    }

    /**
     * Makes a response and keeps it, if it is to be kept.
     *
     * @param last what the connection remembers, and is to remember after it
     * @return the document of the response
     */
    byte[] make(LlmService llm, Caller caller, ResponseRequest request, Events events, LastResponse last)
            throws IOException {
        boolean store = store(request);
        String previous = request.previous();
        ChatRequest chat = request.chat();
        Optional<List<JsonNode>> before = Optional.of(List.of());
        if (last.is(previous)) {
            chat = last.resume(chat);
            before = last.items();
        } else if (!previous.isEmpty()) {
            chat = kept.resume(previous, chat, caller);
            before = kept.items(previous, caller);
        }
        if (before.isPresent()) {
            chat = chat.withWire(WireItems.request(request, before.get(), store || last.connected()));
        }
        Optional<List<JsonNode>> items = before;
        ResponseRun.Keeper keeper = answer -> {
            Optional<List<JsonNode>> said = request.generate() ? answer.items() : Optional.of(List.of());
            Optional<List<JsonNode>> all = items.flatMap(b -> said.map(a -> joined(b, WireItems.said(request), a)));
            last.set(answer.id(), previous, request.said(), answer.content(), all);
            return !store || kept.keep(request, answer, all.isPresent(), caller);
        };
        return run(llm, request, chat, store, keeper, events);
    }

    private static List<JsonNode> joined(List<JsonNode> before, List<JsonNode> said, List<JsonNode> answered) {
        List<JsonNode> all = new ArrayList<>(before);
        all.addAll(said);
        all.addAll(answered);
        return all;
    }

    private byte[] run(
            LlmService llm,
            ResponseRequest request,
            ChatRequest chat,
            boolean store,
            ResponseRun.Keeper keeper,
            Events events)
            throws IOException {
        ResponseRun run = new ResponseRun(request, store, keeper, events, ids);
        if (!request.generate()) {
            return run.run(CompletionStream.of(Silence.of(chat.model())));
        }
        if (!request.stream()) {
            Completion answer = llm.chat(chat);
            return PassingRun.passed(answer)
                    ? new PassingRun(keeper, events).whole(answer)
                    : run.run(CompletionStream.of(answer));
        }
        try (CompletionStream stream = llm.streamChat(chat)) {
            return run.run(stream);
        }
    }

    private boolean store(ResponseRequest request) {
        boolean possible = request.store().orElse(true) && kept.possible();
        if (!possible && request.store().orElse(false)) {
            throw new UnavailableException("responses cannot be kept now: no store of conversations is there");
        }
        return possible;
    }
}
