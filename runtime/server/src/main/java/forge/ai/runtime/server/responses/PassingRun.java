package forge.ai.runtime.server.responses;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.ProtocolException;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionAssembler;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.Wire;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/** A response that passes through: its events and its document are the upstream's own. Used by one thread. */
final class PassingRun {

    /** Those that say nothing yet. */
    private static final Set<String> OPENING = Set.of("response.created", "response.queued", "response.in_progress");

    /** Those that say everything, once more. */
    private static final Set<String> ENDING = Set.of("response.completed", "response.incomplete");

    private static final byte[] NOTHING = {};

    private final ResponseRun.Keeper keeper;
    private final Events events;

    PassingRun(ResponseRun.Keeper keeper, Events events) {
        this.keeper = keeper;
        this.events = events;
    }

    /**
     * Sends the events, each as it came; the last one once the response is kept.
     *
     * @param first the first event
     * @param answer what was said before it
     */
    byte[] run(Wire first, CompletionAssembler answer, CompletionStream rest) throws IOException {
        Wire last = first;
        send(first);
        while (rest.hasNext()) {
            CompletionEvent event = rest.next();
            answer.add(event);
            if (event instanceof CompletionEvent.OnTheWire(Wire next)) {
                last = next;
                if (!ENDING.contains(next.event())) {
                    send(next);
                }
            } else if (event instanceof CompletionEvent.Finished) {
                keep(Json.read(last.json()).path("response"), answer.completion());
                send(last);
                return NOTHING;
            }
        }
        throw new IllegalStateException("a stream without its last event");
    }

    private void send(Wire event) throws IOException {
        byte[] json = event.json().getBytes(StandardCharsets.UTF_8);
        events.send(event.event(), json, OPENING.contains(event.event()));
    }

    /** Whether an answer is the upstream's own response. */
    static boolean passed(Completion answer) {
        return answer.wire()
                .filter(wire -> wire.dialect().equals(Wire.OPENAI_RESPONSES))
                .isPresent();
    }

    /** Keeps a response that came as a whole. */
    byte[] whole(Completion completion) throws IOException {
        String json = completion.wire().orElseThrow().json();
        keep(Json.read(json), completion);
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private void keep(JsonNode response, Completion completion) {
        String id = Json.text(response, "id");
        if (id.isEmpty()) {
            throw new ProtocolException("a response without an id");
        }
        keeper.keep(
                new Answered(id, completion.content(), response.toString(), Optional.of(WireItems.answered(response))));
    }
}
