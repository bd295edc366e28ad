package forge.ai.api.llm;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A piece of an answer that is being given. A stream begins with one {@link Started} and ends with one
 * {@link Finished}; between them pieces of one kind that follow each other belong together, but for tool calls, which
 * are told apart by their index, and thoughts, which end with their {@link ThinkingSignature}. An {@link OnTheWire} may
 * stand anywhere before {@code Finished}, also before {@code Started}.
 */
public sealed interface CompletionEvent {

    /**
     * The answer begins.
     *
     * @param id the vendor's id of the answer, or empty
     * @param model the model that answers, in the provider's words
     */
    record Started(String id, String model) implements CompletionEvent {
        public Started {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(model, "model");
        }
    }

    /**
     * More text.
     *
     * @param logprobs of the tokens of this piece, if asked for
     */
    record TextDelta(String text, List<TokenLogprob> logprobs) implements CompletionEvent {
        public TextDelta {
            Objects.requireNonNull(text, "text");
            logprobs = List.copyOf(logprobs);
        }

        public TextDelta(String text) {
            this(text, List.of());
        }
    }

    /** More of a thought. */
    record ThinkingDelta(String text) implements CompletionEvent {
        public ThinkingDelta {
            Objects.requireNonNull(text, "text");
        }
    }

    /** The vendor's proof of the thought before it, which it ends. */
    record ThinkingSignature(String signature) implements CompletionEvent {
        public ThinkingSignature {
            Objects.requireNonNull(signature, "signature");
        }
    }

    /** More of a refusal. */
    record RefusalDelta(String text) implements CompletionEvent {
        public RefusalDelta {
            Objects.requireNonNull(text, "text");
        }
    }

    /**
     * A call of a tool begins.
     *
     * @param index tells the calls of one answer apart, 0 or more
     */
    record ToolCallStarted(int index, String id, String name) implements CompletionEvent {
        public ToolCallStarted {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(name, "name");
        }
    }

    /**
     * More of the arguments of a call.
     *
     * @param index that of its {@link ToolCallStarted}
     * @param arguments a piece of JSON text
     */
    record ToolCallDelta(int index, String arguments) implements CompletionEvent {
        public ToolCallDelta {
            Objects.requireNonNull(arguments, "arguments");
        }
    }

    /**
     * What the vendor sent, where the request was sent as it came ({@link ChatRequest#wire}): comes right before the
     * events that were read from it, of which there may be none. If a stream has one, then all that the vendor sent is
     * there, in order, the last event included, but for what the client did not ask for and marks of the end that are no
     * JSON: whoever passes these on need not look at the rest.
     */
    record OnTheWire(Wire wire) implements CompletionEvent {
        public OnTheWire {
            Objects.requireNonNull(wire, "wire");
        }
    }

    /** A piece of content that came whole. */
    record Whole(Content content) implements CompletionEvent {
        public Whole {
            Objects.requireNonNull(content, "content");
        }
    }

    /**
     * The answer is complete.
     *
     * @param stopSequence the stop text that ended it, or empty
     * @param usage what it took, where the provider says so
     * @param extensions what else the vendor said: name and JSON value as text
     */
    record Finished(FinishReason reason, String stopSequence, Optional<Usage> usage, Map<String, String> extensions)
            implements CompletionEvent {
        public Finished {
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(stopSequence, "stopSequence");
            Objects.requireNonNull(usage, "usage");
            extensions = Map.copyOf(extensions);
        }

        public Finished(FinishReason reason, Optional<Usage> usage) {
            this(reason, "", usage, Map.of());
        }
    }
}
