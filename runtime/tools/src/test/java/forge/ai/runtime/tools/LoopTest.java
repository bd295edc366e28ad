package forge.ai.runtime.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.Tool;
import forge.ai.api.llm.ToolChoice;
import forge.ai.api.llm.Usage;
import forge.ai.api.monitoring.Span;
import forge.ai.api.tool.CallableTool;
import forge.ai.api.tool.ToolLoopAnswer;
import forge.ai.api.tool.ToolLoopAnswer.End;
import forge.ai.api.tool.ToolLoopOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LoopTest {

    private static final String SCHEMA = "{\"type\":\"object\"}";

    private final ToolCatalog catalog = new ToolCatalog();
    private final ToolRuns runs = new ToolRuns(catalog, () -> 1_000);
    private long ids;

    @AfterEach
    void close() {
        runs.close();
    }

    private CallableTool add(String name, Function<String, String> work) {
        CallableTool tool = new CallableTool() {
            @Override
            public Tool definition() {
                return new Tool(name, "", SCHEMA, false);
            }

            @Override
            public List<Content> call(String arguments) {
                return List.of(new Content.Text(work.apply(arguments)));
            }
        };
        catalog.add(tool, Map.of("service.id", ids++));
        return tool;
    }

    private static Completion said(FinishReason finish, Content... content) {
        return new Completion(
                "",
                "m",
                List.of(content),
                finish,
                "",
                Optional.of(Usage.of(10, 1)),
                List.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty());
    }

    private static Content.ToolCall callOf(String id, String name) {
        return new Content.ToolCall(id, name, "{}");
    }

    private Loop loop(ToolLoopOptions options, Tool... own) {
        ChatRequest request = ChatRequest.builder("p/m")
                .messages(List.of(Message.user("go")))
                .tools(List.of(own))
                .toolChoice(ToolChoice.REQUIRED)
                .build();
        return new Loop(request, catalog.list(options.tools()), options, runs);
    }

    private static List<Content.ToolResult> results(ChatRequest next) {
        return next.messages().getLast().content().stream()
                .map(Content.ToolResult.class::cast)
                .toList();
    }

    @Test
    void allStepsAreOfTheTraceOfTheRequest() throws Exception {
        Span span = Span.remote("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "");
        add("f", arguments -> "42");
        for (ToolChoice choice : List.of(ToolChoice.AUTO, ToolChoice.REQUIRED)) {
            ChatRequest request = ChatRequest.builder("p/m")
                    .messages(List.of(Message.user("go")))
                    .toolChoice(choice)
                    .span(span)
                    .build();
            Loop loop = new Loop(request, catalog.list(List.of("*")), ToolLoopOptions.DEFAULT, runs);
            assertThat(loop.next().span()).isSameAs(span);
            loop.step(said(FinishReason.TOOL_CALLS, callOf("1", "f")));
            assertThat(loop.next().span()).isSameAs(span);
        }
    }

    @Test
    void whatTheModelThoughtAndSaidGoesBackUnchangedWithTheResults() throws Exception {
        add("f", arguments -> "42");
        Loop loop = loop(ToolLoopOptions.DEFAULT);
        assertThat(loop.next().tools()).extracting(Tool::name).containsExactly("f");
        Content thought = new Content.Thinking("hm", "c2lnbmF0dXJl", "");
        Content hidden = new Content.Thinking("", "", "ZW5jcnlwdGVk");
        Content.Text text = new Content.Text("let me see");
        assertThat(loop.step(said(FinishReason.TOOL_CALLS, thought, hidden, text, callOf("1", "f"))))
                .isEmpty();
        assertThat(loop.next().messages().get(1).content()).containsExactly(thought, hidden, text, callOf("1", "f"));
        assertThat(results(loop.next()))
                .containsExactly(new Content.ToolResult("1", List.of(new Content.Text("42")), false));
        // A demand for a tool is met; kept up, the loop would never end.
        assertThat(loop.next().toolChoice()).isEqualTo(ToolChoice.AUTO);

        ToolLoopAnswer answer =
                loop.step(said(FinishReason.STOP, new Content.Text("42 it is"))).orElseThrow();
        assertThat(answer.text()).isEqualTo("42 it is");
        assertThat(answer.end()).isEqualTo(End.ANSWERED);
        assertThat(answer.steps()).isEqualTo(2);
        assertThat(answer.usage()).contains(Usage.of(20, 2));
        assertThat(answer.messages())
                .extracting(Message::role)
                .containsExactly(Message.Role.ASSISTANT, Message.Role.TOOL, Message.Role.ASSISTANT);
    }

    @Test
    void eachFailureIsToldToTheModelAndTheOtherCallsGoOn() throws Exception {
        add("good", arguments -> "fine");
        add("bad", arguments -> {
            throw new IllegalStateException("the printer is on fire");
        });
        add("broken", arguments -> {
            throw new NoClassDefFoundError("x/Y");
        });
        Loop loop = loop(ToolLoopOptions.DEFAULT);
        assertThat(loop.step(said(
                        FinishReason.TOOL_CALLS,
                        callOf("1", "bad"),
                        callOf("2", "good"),
                        callOf("3", "nothing"),
                        callOf("4", "broken"))))
                .isEmpty();
        List<Content.ToolResult> results = results(loop.next());
        assertThat(results).extracting(Content.ToolResult::id).containsExactly("1", "2", "3", "4");
        assertThat(results).extracting(Content.ToolResult::error).containsExactly(true, false, true, true);
        assertThat(Content.text(results.get(0).content())).contains("the printer is on fire");
        assertThat(Content.text(results.get(2).content())).contains("there are: bad, broken, good");
        assertThat(Content.text(results.get(3).content())).contains("x/Y");
    }

    @Test
    void aCallThatTakesTooLongIsGivenUpAndTheModelIsTold() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        add("slow", arguments -> {
            try {
                Thread.sleep(Duration.ofMinutes(1));
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            return "late";
        });
        Loop loop = loop(ToolLoopOptions.DEFAULT.withCallTimeout(Duration.ofMillis(100)));
        assertThat(loop.step(said(FinishReason.TOOL_CALLS, callOf("1", "slow"))))
                .isEmpty();
        Content.ToolResult result = results(loop.next()).getFirst();
        assertThat(result.error()).isTrue();
        assertThat(Content.text(result.content())).contains("took longer than 100 ms");
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void callsOfOneAnswerRunAtTheSameTime() throws Exception {
        CyclicBarrier together = new CyclicBarrier(3);
        add("meet", arguments -> {
            try {
                together.await(10, TimeUnit.SECONDS);
                return "met";
            } catch (Exception e) {
                throw new IllegalStateException("alone");
            }
        });
        Loop loop = loop(ToolLoopOptions.DEFAULT);
        assertThat(loop.step(
                        said(FinishReason.TOOL_CALLS, callOf("1", "meet"), callOf("2", "meet"), callOf("3", "meet"))))
                .isEmpty();
        assertThat(results(loop.next())).noneMatch(Content.ToolResult::error);
    }

    @Test
    void noMoreCallsRunAtTheSameTimeThanAllowed() throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        add("count", arguments -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            Thread.yield();
            running.decrementAndGet();
            return "";
        });
        Loop loop = loop(ToolLoopOptions.DEFAULT.withParallel(1));
        Content[] calls = new Content[20];
        for (int i = 0; i < calls.length; i++) {
            calls[i] = callOf("" + i, "count");
        }
        assertThat(loop.step(said(FinishReason.TOOL_CALLS, calls))).isEmpty();
        assertThat(results(loop.next())).hasSize(20);
        assertThat(most).hasValue(1);
    }

    @Test
    void theStepLimitEndsTheLoopWithTheCallsUnanswered() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        add("f", arguments -> "" + calls.incrementAndGet());
        Loop loop = loop(ToolLoopOptions.DEFAULT.withMaxSteps(3));
        Completion again = said(FinishReason.TOOL_CALLS, callOf("1", "f"));
        assertThat(loop.step(again)).isEmpty();
        assertThat(loop.step(again)).isEmpty();
        ToolLoopAnswer answer = loop.step(again).orElseThrow();
        assertThat(answer.end()).isEqualTo(End.STEP_LIMIT);
        assertThat(answer.completion().toolCalls()).hasSize(1);
        assertThat(calls).hasValue(2);
    }

    @Test
    void aToolOfTheCallersOwnIsTheCallersToRun() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        add("f", arguments -> "" + calls.incrementAndGet());
        add("mine", arguments -> "" + calls.incrementAndGet());
        Loop loop = loop(ToolLoopOptions.DEFAULT, new Tool("mine", "", SCHEMA, false));
        assertThat(loop.next().tools()).extracting(Tool::name).containsExactly("mine", "f");
        ToolLoopAnswer answer = loop.step(said(FinishReason.TOOL_CALLS, callOf("1", "f"), callOf("2", "mine")))
                .orElseThrow();
        assertThat(answer.end()).isEqualTo(End.CALLER_TOOL);
        assertThat(calls).hasValue(0);
    }

    @Test
    void aCallThatWasCutIsNotRun() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        add("f", arguments -> "" + calls.incrementAndGet());
        Loop loop = loop(ToolLoopOptions.DEFAULT);
        ToolLoopAnswer answer = loop.step(said(FinishReason.LENGTH, new Content.ToolCall("1", "f", "{\"a")))
                .orElseThrow();
        assertThat(answer.end()).isEqualTo(End.ANSWERED);
        assertThat(answer.completion().finish()).isEqualTo(FinishReason.LENGTH);
        assertThat(calls).hasValue(0);
    }

    @Test
    void aPausedAnswerIsSentBackToGoOn() throws Exception {
        Loop loop = loop(ToolLoopOptions.DEFAULT);
        assertThat(loop.step(said(FinishReason.PAUSE, new Content.Text("one, "))))
                .isEmpty();
        assertThat(loop.next().messages().getLast()).isEqualTo(Message.assistant("one, "));
    }

    @Test
    void aLongResultIsCutBeforeTheModelPaysForIt() throws Exception {
        add("long", arguments -> "x".repeat(5_000));
        Loop loop = loop(ToolLoopOptions.DEFAULT);
        assertThat(loop.step(said(FinishReason.TOOL_CALLS, callOf("1", "long"))))
                .isEmpty();
        String text = Content.text(results(loop.next()).getFirst().content());
        assertThat(text).hasSizeLessThan(1_100).endsWith("[cut: 1000 of 5000 characters]");
    }

    @Test
    void onlyTheChosenToolsAreOffered() {
        add("file_read", arguments -> "");
        add("file_write", arguments -> "");
        add("weather", arguments -> "");
        assertThat(loop(ToolLoopOptions.DEFAULT.withTools("file_*")).next().tools())
                .extracting(Tool::name)
                .containsExactly("file_read", "file_write");
        assertThat(loop(ToolLoopOptions.DEFAULT.withTools("file_r.*")).next().tools())
                .isEmpty();
    }

    @Test
    void interruptingTheLoopInterruptsTheTools() throws Exception {
        CountDownLatch inside = new CountDownLatch(2);
        CountDownLatch interrupted = new CountDownLatch(2);
        add("slow", arguments -> {
            inside.countDown();
            try {
                Thread.sleep(Duration.ofMinutes(1));
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            return "";
        });
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                loop(ToolLoopOptions.DEFAULT)
                        .step(said(FinishReason.TOOL_CALLS, callOf("1", "slow"), callOf("2", "slow")));
            } catch (Throwable e) {
                thrown.complete(e);
            }
        });
        inside.await();
        caller.interrupt();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aToolThatLeavesWaitsForItsCallsAndThenIsGone() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CallableTool tool = add("f", arguments -> {
            inside.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return "done";
        });
        CompletableFuture<Content.ToolResult> result = CompletableFuture.supplyAsync(() -> {
            try {
                return runs.run(callOf("1", "f"), Duration.ofSeconds(20));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        inside.await();
        CompletableFuture<Void> left = CompletableFuture.runAsync(() -> catalog.remove(tool));
        assertThat(left).isNotDone();
        release.countDown();
        assertThat(result.get().error()).isFalse();
        left.get();
        assertThat(catalog.names()).isEmpty();
    }

    @Test
    void optionsSayWhatIsAllowed() {
        assertThatThrownBy(() -> ToolLoopOptions.DEFAULT.withMaxSteps(0)).hasMessageContaining("allowed is 1 to 1000");
        assertThatThrownBy(() -> ToolLoopOptions.DEFAULT.withParallel(101)).hasMessageContaining("allowed is 1 to 100");
        assertThatThrownBy(() -> ToolLoopOptions.DEFAULT.withCallTimeout(Duration.ZERO))
                .hasMessageContaining("more than zero");
    }
}
