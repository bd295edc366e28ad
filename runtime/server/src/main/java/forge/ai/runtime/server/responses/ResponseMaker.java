package forge.ai.runtime.server.responses;

import forge.ai.api.UnavailableException;
import forge.ai.api.llm.Caller;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.LlmService;
import forge.ai.runtime.server.Services;
import java.io.IOException;

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
        boolean remembered = last.is(previous);
        ChatRequest chat = request.chat();
        if (remembered) {
            chat = last.resume(chat);
        } else if (!previous.isEmpty()) {
            chat = kept.resume(previous, chat, caller);
        }
        ResponseRun.Keeper keeper = (id, answer, document) -> {
            last.set(id, previous, request.said(), answer);
            return !store || kept.keep(id, previous, request.said(), answer, document, caller);
        };
        ResponseRun run = new ResponseRun(request, store, keeper, events, ids);
        try (CompletionStream stream = answer(llm, request, chat)) {
            return run.run(stream);
        }
    }

    private static CompletionStream answer(LlmService llm, ResponseRequest request, ChatRequest chat) {
        if (!request.generate()) {
            return CompletionStream.of(Silence.of(chat.model()));
        }
        return request.stream() ? llm.streamChat(chat) : CompletionStream.of(llm.chat(chat));
    }

    private boolean store(ResponseRequest request) {
        boolean possible = request.store().orElse(true) && kept.possible();
        if (!possible && request.store().orElse(false)) {
            throw new UnavailableException("responses cannot be kept now: no store of conversations is there");
        }
        return possible;
    }
}
