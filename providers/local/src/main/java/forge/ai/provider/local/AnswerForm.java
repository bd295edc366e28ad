package forge.ai.provider.local;

import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionEvent.TextDelta;
import forge.ai.api.llm.CompletionEvent.ThinkingDelta;
import forge.ai.api.llm.TokenLogprob;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Tells apart what a model says, thinks and calls in the text that it writes, as the text comes. */
final class AnswerForm {

    static final String THOUGHT_BEGIN = "<think>";
    static final String THOUGHT_END = "</think>";

    /** How a model writes calls of tools. */
    enum Calls {
        NONE(""),
        /** {@code <tool_call>{"name": ..., "arguments": {...}}</tool_call>}, as Hermes and Qwen do. */
        TAGGED("<tool_call>"),
        /** {@code [TOOL_CALLS] [{"name": ..., "arguments": {...}}, ...]} or {@code [TOOL_CALLS]name[ARGS]{...}}: Mistral. */
        LISTED("[TOOL_CALLS]"),
        /** The answer is {@code {"name": ..., "parameters": {...}}}, as Llama 3.1 does. */
        BARE("<|python_tag|>");

        private final String begin;

        Calls(String begin) {
            this.begin = begin;
        }

        String begin() {
            return begin;
        }
    }

    /**
     * What may be in an answer.
     *
     * @param thoughts whether there may be thoughts
     * @param tools the names of those that may be called
     */
    record Kind(Calls calls, boolean thoughts, Set<String> tools) {

        static final Kind PLAIN = new Kind(Calls.NONE, false, Set.of());

        Kind {
            tools = Set.copyOf(tools);
        }

        /** What the template for conversations shows of it. */
        static Kind of(String template, Set<String> tools) {
            boolean thoughts = template.contains(THOUGHT_BEGIN) || template.contains(THOUGHT_END);
            Calls calls = Calls.BARE;
            if (template.contains(Calls.LISTED.begin)) {
                calls = Calls.LISTED;
            } else if (template.contains(Calls.TAGGED.begin)) {
                calls = Calls.TAGGED;
            }
            return new Kind(tools.isEmpty() ? Calls.NONE : calls, thoughts, tools);
        }
    }

    /** Special tokens that are to be seen in the text, for what is between them depends on them. */
    static final Set<String> MARKS = Set.of(
            THOUGHT_BEGIN, THOUGHT_END, "<tool_call>", "</tool_call>", "[TOOL_CALLS]", "[ARGS]", "<|python_tag|>");

    private enum State {
        BEGIN,
        TEXT,
        THOUGHT,
        CALLS,
        CALL
    }

    private final Kind kind;
    private final RandomGenerator ids;
    private final StringBuilder held = new StringBuilder();
    private final List<TokenLogprob> logprobs = new ArrayList<>();
    private State state;
    private @Nullable CallReader call;
    private int calls;
    private boolean said;
    private boolean thinking;

    /**
     * @param prompt what the answer follows: the template may have begun a thought already
     * @param ids makes the ids of calls
     */
    AnswerForm(Kind kind, String prompt, RandomGenerator ids) {
        this.kind = kind;
        this.ids = ids;
        boolean begun = kind.thoughts() && prompt.stripTrailing().endsWith(THOUGHT_BEGIN);
        state = begun ? State.THOUGHT : State.BEGIN;
    }

    /** Whether a call was made. */
    boolean called() {
        return calls > 0;
    }

    void add(TextDelta delta, Consumer<CompletionEvent> out) {
        if (kind.equals(Kind.PLAIN)) {
            out.accept(delta);
            return;
        }
        held.append(delta.text());
        logprobs.addAll(delta.logprobs());
        while (step(out)) {}
    }

    /** No more comes. */
    void finish(Consumer<CompletionEvent> out) {
        if (call != null) {
            call.finish(held, out);
            held.setLength(0);
        } else if (state == State.THOUGHT) {
            think(held.length(), out);
        } else if (state == State.BEGIN || state == State.TEXT) {
            say(held.length(), out);
        }
    }

    /** Whether there is more to do with what is held. */
    private boolean step(Consumer<CompletionEvent> out) {
        return switch (state) {
            case BEGIN -> begin();
            case TEXT -> text(out);
            case THOUGHT -> thought(out);
            case CALLS -> nextCall();
            case CALL -> call(out);
        };
    }

    /** A bare call begins the answer, if anything; so does a thought. */
    private boolean begin() {
        int at = blanks();
        if (at == held.length()) {
            return false;
        }
        boolean bare = kind.calls() == Calls.BARE && held.charAt(at) == '{';
        if (bare) {
            held.delete(0, at);
        }
        state = bare ? State.CALLS : State.TEXT;
        return true;
    }

    private boolean text(Consumer<CompletionEvent> out) {
        int thought = kind.thoughts() && !said ? held.indexOf(THOUGHT_BEGIN) : -1;
        int tool = kind.calls() == Calls.NONE ? -1 : held.indexOf(kind.calls().begin());
        if (thought >= 0 && (tool < 0 || thought < tool)) {
            say(trimmed(thought), out);
            drop(held.indexOf(THOUGHT_BEGIN) + THOUGHT_BEGIN.length());
            state = State.THOUGHT;
            return true;
        }
        if (tool >= 0) {
            say(trimmed(tool), out);
            drop(held.indexOf(kind.calls().begin()) + kind.calls().begin().length());
            state = State.CALLS;
            return true;
        }
        // Blanks before a mark are not said.
        int safe = Math.min(
                held.length() - undecided(THOUGHT_BEGIN, kind.thoughts() && !said),
                held.length() - undecided(kind.calls().begin(), kind.calls() != Calls.NONE));
        say(trimmed(safe), out);
        return false;
    }

    private boolean thought(Consumer<CompletionEvent> out) {
        int end = held.indexOf(THOUGHT_END);
        if (end < 0) {
            think(trimmed(held.length() - undecided(THOUGHT_END, true)), out);
            return false;
        }
        think(trimmed(end), out);
        drop(held.indexOf(THOUGHT_END) + THOUGHT_END.length());
        drop(blanks());
        // Blanks that follow later are dropped too: nothing has been said.
        state = State.TEXT;
        return true;
    }

    /** Between calls: up to the next, or to the end of calls. */
    private boolean nextCall() {
        int at = 0;
        while (at < held.length() && " \t\r\n,;".indexOf(held.charAt(at)) >= 0) {
            at++;
        }
        held.delete(0, at);
        if (held.isEmpty()) {
            return false;
        }
        char c = held.charAt(0);
        String end = kind.calls() == Calls.TAGGED ? "</tool_call>" : "]";
        if (kind.calls() == Calls.LISTED && c == '[') {
            if (undecided(kind.calls().begin(), true) == held.length()) {
                return false;
            }
            boolean again = held.indexOf(kind.calls().begin()) == 0;
            drop(again ? kind.calls().begin().length() : 1);
        } else if (held.indexOf(end) == 0) {
            drop(end.length());
            state = State.TEXT;
        } else if (end.startsWith(held.toString())) {
            return false;
        } else if (c == '{' || kind.calls() == Calls.LISTED) {
            // Elsewhere a mark says that it is a call; here it may be an answer in JSON.
            call = new CallReader(
                    calls,
                    id(),
                    name -> kind.calls() != Calls.BARE || kind.tools().contains(name));
            state = State.CALL;
        } else {
            state = State.TEXT;
        }
        return true;
    }

    private boolean call(Consumer<CompletionEvent> out) {
        CallReader reader = call;
        if (reader == null || held.isEmpty() || !reader.read(held, out)) {
            return false;
        }
        logprobs.clear();
        calls += reader.started() ? 1 : 0;
        call = null;
        state = State.CALLS;
        return true;
    }

    private void say(int length, Consumer<CompletionEvent> out) {
        String text = held.substring(0, length);
        held.delete(0, length);
        if (!said) {
            text = kind.thoughts() ? text.stripLeading() : text;
        }
        if (!text.isEmpty()) {
            said = true;
            out.accept(new TextDelta(text, logprobs));
            logprobs.clear();
        }
    }

    private void think(int length, Consumer<CompletionEvent> out) {
        String text = held.substring(0, length);
        held.delete(0, length);
        logprobs.clear();
        if (!thinking) {
            text = text.stripLeading();
        }
        if (!text.isEmpty()) {
            thinking = true;
            out.accept(new ThinkingDelta(text));
        }
    }

    private void drop(int length) {
        held.delete(0, length);
        logprobs.clear();
    }

    private int blanks() {
        int at = 0;
        while (at < held.length() && Character.isWhitespace(held.charAt(at))) {
            at++;
        }
        return at;
    }

    /** Up to there, without blanks at the end. */
    private int trimmed(int end) {
        int at = end;
        while (at > 0 && Character.isWhitespace(held.charAt(at - 1))) {
            at--;
        }
        return at;
    }

    /** The length of the longest end of the text that the mark begins with. */
    private int undecided(String mark, boolean expected) {
        for (int n = expected ? Math.min(mark.length() - 1, held.length()) : 0; n > 0; n--) {
            if (mark.startsWith(held.substring(held.length() - n))) {
                return n;
            }
        }
        return 0;
    }

    /** Nine letters and digits, as Mistral's templates want it. */
    private String id() {
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < 9; i++) {
            id.append("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".charAt(ids.nextInt(62)));
        }
        return id.toString();
    }
}
