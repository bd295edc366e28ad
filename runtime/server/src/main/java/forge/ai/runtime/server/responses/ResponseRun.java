package forge.ai.runtime.server.responses;

import forge.ai.api.CancelledException;
import forge.ai.api.ForgeException;
import forge.ai.api.llm.CompletionAssembler;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.Usage;
import forge.ai.api.llm.Wire;
import forge.ai.runtime.server.responses.ResponseDocument.Failure;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One response from the first event to the last. Used by one thread. */
final class ResponseRun {

    /** Is given every response that came to its end; false if it is not kept although it should be. */
    @FunctionalInterface
    interface Keeper {
        boolean keep(Answered answer);
    }

    private final ResponseRequest request;
    private final boolean store;
    private final Keeper keeper;
    private final Emitter out;
    private final Events events;
    private final boolean whole;
    private final String id;
    private final long created = Instant.now().getEpochSecond();
    private final CompletionAssembler answer = new CompletionAssembler();
    private final Output output;
    private String model;
    private boolean begun;

    /** @param store whether the response says that it is to be kept */
    ResponseRun(ResponseRequest request, boolean store, Keeper keeper, Events events, Ids ids) {
        this.request = request;
        this.store = store;
        this.keeper = keeper;
        this.whole = events == Events.NOWHERE;
        this.events = events;
        this.out = new Emitter(events);
        this.id = ids.next("resp");
        this.model = request.chat().model();
        this.output = new Output(out, ids::next, request.encryptedThoughts());
    }

    String id() {
        return id;
    }

    /**
     * Sends the events of the answer and returns the document of the response. What fails once something was sent is an
     * event too, unless the call was given up.
     *
     * @throws ForgeException what failed before
     */
    byte[] run(CompletionStream stream) throws IOException {
        try {
            while (stream.hasNext()) {
                CompletionEvent event = stream.next();
                answer.add(event);
                if (event instanceof CompletionEvent.OnTheWire(Wire wire)
                        && wire.dialect().equals(Wire.OPENAI_RESPONSES)) {
                    return new PassingRun(keeper, events).run(wire, answer, stream);
                } else if (event instanceof CompletionEvent.Started started) {
                    start(started);
                } else if (event instanceof CompletionEvent.Finished finished) {
                    return finish(finished);
                } else {
                    begun |= !(event instanceof CompletionEvent.OnTheWire);
                    output.accept(event);
                }
            }
            throw new IllegalStateException("a stream without its last event");
        } catch (ForgeException e) {
            if (whole || !begun || e instanceof CancelledException) {
                throw e;
            }
            return fail(e);
        }
    }

    private void start(CompletionEvent.Started started) throws IOException {
        model = started.model().isEmpty() ? model : started.model();
        ResponseDocument document = document("in_progress", store, Optional.empty(), "", Optional.empty());
        for (String type : List.of("response.created", "response.in_progress")) {
            out.emit(type, true, json -> {
                json.writeFieldName("response");
                document.write(json);
            });
        }
    }

    private byte[] finish(CompletionEvent.Finished finished) throws IOException {
        String incomplete = switch (finished.reason()) {
            case LENGTH -> "max_output_tokens";
            case CONTENT_FILTER -> "content_filter";
            case STOP, STOP_SEQUENCE, TOOL_CALLS, PAUSE, REFUSAL, OTHER -> "";
        };
        String status = incomplete.isEmpty() ? "completed" : "incomplete";
        output.close(status);
        byte[] json = Json.write(document(status, store, Optional.empty(), incomplete, finished.usage())::write);
        if (!keeper.keep(new Answered(id, answer.completion().content(), text(json), Optional.empty()))) {
            json = Json.write(document(status, false, Optional.empty(), incomplete, finished.usage())::write);
        }
        end("response." + status, json);
        return json;
    }

    private static String text(byte[] document) {
        return new String(document, StandardCharsets.UTF_8);
    }

    private byte[] fail(ForgeException error) throws IOException {
        output.close("incomplete");
        String code = switch (error.code()) {
            case RATE_LIMITED, QUOTA -> "rate_limit_exceeded";
            case INVALID_REQUEST, CONTEXT_LENGTH, CONTENT_FILTERED, UNSUPPORTED -> "invalid_prompt";
            default -> "server_error";
        };
        Failure failure = new Failure(code, String.valueOf(error.getMessage()));
        byte[] json = Json.write(document("failed", false, Optional.of(failure), "", Optional.empty())::write);
        end("response.failed", json);
        return json;
    }

    private void end(String type, byte[] document) throws IOException {
        out.emit(type, json -> {
            json.writeFieldName("response");
            json.writeRawValue(text(document));
        });
    }

    private ResponseDocument document(
            String status, boolean stored, Optional<Failure> error, String incomplete, Optional<Usage> usage) {
        Optional<Long> completed =
                status.equals("completed") ? Optional.of(Instant.now().getEpochSecond()) : Optional.empty();
        return new ResponseDocument(
                request, id, created, model, status, completed, stored, error, incomplete, output, usage);
    }
}
