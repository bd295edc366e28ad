package forge.ai.runtime.tools;

import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.Tool;
import forge.ai.api.llm.ToolChoice;
import forge.ai.api.llm.Usage;
import forge.ai.api.tool.ToolLoopAnswer;
import forge.ai.api.tool.ToolLoopAnswer.End;
import forge.ai.api.tool.ToolLoopOptions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One loop: what the model is asked next, and what follows from what it said. Used by one thread. */
final class Loop {

    private final ToolLoopOptions options;
    private final ToolRuns runs;
    private final Set<String> callers = new HashSet<>();
    private final List<Message> added = new ArrayList<>();
    private final List<Message> begun;

    private ChatRequest next;
    private Optional<Usage> usage = Optional.empty();
    private int steps;

    Loop(ChatRequest request, List<Tool> tools, ToolLoopOptions options, ToolRuns runs) {
        this.options = options;
        this.runs = runs;
        this.begun = request.messages();
        request.tools().forEach(tool -> callers.add(tool.name()));
        List<Tool> offered = new ArrayList<>(request.tools());
        tools.stream().filter(tool -> !callers.contains(tool.name())).forEach(offered::add);
        next = offered.equals(request.tools()) ? request : request.withTools(offered);
    }

    /** What to ask the model now. */
    ChatRequest next() {
        return next;
    }

    /** Takes the model's answer, and runs what it calls; what came of the loop, if that was the last step. */
    Optional<ToolLoopAnswer> step(Completion answer) throws InterruptedException {
        steps++;
        usage = sum(usage, answer.usage());
        added.add(new Message(Message.Role.ASSISTANT, answer.content()));
        List<Content.ToolCall> calls = answer.toolCalls();
        // An answer that was cut may end in the middle of a call.
        boolean complete = answer.finish() != FinishReason.LENGTH && answer.finish() != FinishReason.CONTENT_FILTER;
        boolean paused = answer.finish() == FinishReason.PAUSE;
        if (!complete || calls.isEmpty() && !paused) {
            return end(answer, End.ANSWERED);
        }
        if (calls.stream().anyMatch(call -> callers.contains(call.name()))) {
            return end(answer, End.CALLER_TOOL);
        }
        if (steps >= options.maxSteps()) {
            return end(answer, End.STEP_LIMIT);
        }
        if (!calls.isEmpty()) {
            List<Content> results =
                    List.copyOf(runs.all(calls, options.callTimeout(), options.parallel(), next.span()));
            added.add(new Message(Message.Role.TOOL, results));
        }
        next = following();
        return Optional.empty();
    }

    private ChatRequest following() {
        List<Message> messages = new ArrayList<>(begun);
        messages.addAll(added);
        ChatRequest request = next.withMessages(messages);
        return demanding(request.toolChoice())
                ? ChatRequest.builder(request.model())
                        .messages(request.messages())
                        .tools(request.tools())
                        .format(request.format())
                        .options(request.options())
                        .extensions(request.extensions())
                        .span(request.span())
                        .build()
                : request;
    }

    private static boolean demanding(ToolChoice choice) {
        return choice instanceof ToolChoice.Required || choice instanceof ToolChoice.Named;
    }

    private Optional<ToolLoopAnswer> end(Completion answer, End end) {
        return Optional.of(new ToolLoopAnswer(answer, added, usage, steps, end));
    }

    private static Optional<Usage> sum(Optional<Usage> before, Optional<Usage> now) {
        if (before.isEmpty() || now.isEmpty()) {
            return before.isPresent() ? before : now;
        }
        Usage a = before.get();
        Usage b = now.get();
        return Optional.of(new Usage(
                a.inputTokens() + b.inputTokens(),
                a.outputTokens() + b.outputTokens(),
                a.cachedInputTokens() + b.cachedInputTokens(),
                a.cacheWriteTokens() + b.cacheWriteTokens(),
                a.reasoningTokens() + b.reasoningTokens()));
    }
}
