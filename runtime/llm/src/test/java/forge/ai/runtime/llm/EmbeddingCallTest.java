package forge.ai.runtime.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import forge.ai.api.CancelledException;
import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import forge.ai.api.InternalException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.ProtocolException;
import forge.ai.api.UnavailableException;
import forge.ai.api.llm.Caller;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.EmbeddingLimits;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Embeddings;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.Usage;
import forge.ai.api.llm.UsageEntry;
import forge.ai.api.llm.UsageEntry.Outcome;
import forge.ai.api.monitoring.Span;
import forge.ai.runtime.support.limit.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EmbeddingCallTest {

    /** Its vector for a text is its own mark and the text's number. */
    private static class Numbered implements LlmProvider {
        final Queue<List<String>> asked = new ConcurrentLinkedQueue<>();
        final AtomicInteger inside = new AtomicInteger();
        final AtomicInteger most = new AtomicInteger();
        final EmbeddingLimits limits;
        final float mark;
        volatile Consumer<List<String>> before = inputs -> {};

        Numbered(float mark, EmbeddingLimits limits) {
            this.mark = mark;
            this.limits = limits;
        }

        @Override
        public List<LlmModel> models() {
            return List.of();
        }

        @Override
        public Completion chat(ChatRequest request) {
            throw new AssertionError("not asked for");
        }

        @Override
        public EmbeddingLimits embeddingLimits(String model) {
            return limits;
        }

        @Override
        public Embeddings embed(EmbeddingRequest request) {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            try {
                asked.add(request.inputs());
                before.accept(request.inputs());
                return answer(request);
            } finally {
                inside.decrementAndGet();
            }
        }

        Embeddings answer(EmbeddingRequest request) {
            List<float[]> vectors = request.inputs().stream()
                    .map(text -> new float[] {mark, Float.parseFloat(text.strip())})
                    .toList();
            return new Embeddings(request.model(), vectors, Optional.of(new Usage(vectors.size(), 0, 1, 0, 0)));
        }
    }

    private static final EmbeddingLimits TEN = new EmbeddingLimits(10, Long.MAX_VALUE);

    private final Settings settings =
            Settings.of(Configs.of(RoutingLlmService.Config.class, Map.of("backoffMillis", 1L, "embedParallel", 3)));
    private final Providers providers = new Providers(System::nanoTime);
    private final Prices prices = new Prices(Configs.of(Prices.Config.class, Map.of()));
    private final Routing routing = new Routing(
            providers,
            new Routes(System::nanoTime),
            prices,
            new Accounting(prices, System::nanoTime),
            () -> settings,
            System::nanoTime,
            () -> 0.5);
    private final Calls calls = new Calls(routing);

    @AfterEach
    void close() {
        calls.close(Duration.ofSeconds(5));
    }

    private Numbered add(String name, Numbered provider) {
        providers.add(provider, Map.of(LlmProvider.NAME, name, "service.id", 1L));
        return provider;
    }

    private Embeddings embed(List<String> inputs, String... targets) {
        EmbeddingRequest request =
                new EmbeddingRequest("r", inputs, OptionalInt.empty(), Optional.empty(), Map.of("a", "1"));
        RoutePlan plan = new RoutePlan(
                "r",
                Strategy.PRIORITY,
                Arrays.stream(targets).map(Target::parse).toList(),
                3,
                Duration.ofSeconds(10),
                Optional.empty(),
                EnumSet.of(ErrorCode.UNAVAILABLE),
                CachePolicy.OFF,
                Limits.NONE);
        return calls.whole(
                new Order(
                        Caller.ANONYMOUS,
                        Optional.of(UsageEntry.Operation.EMBEDDING),
                        plan,
                        Demand.of(request),
                        Optional.empty(),
                        Span.NONE),
                new EmbeddingCall(request, settings.embedParallel()),
                AnswerShape.EMBEDDINGS);
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    private static void assertInOrder(Embeddings answer, int count, float mark) {
        assertThat(answer.vectors()).hasSize(count);
        for (int i = 0; i < count; i++) {
            assertThat(answer.vectors().get(i)).containsExactly(mark, i);
        }
    }

    @Test
    void partsAreAskedForSideBySideAndTheAnswerIsInOrder() {
        Numbered only = add("a", new Numbered(1, TEN));
        CyclicBarrier three = new CyclicBarrier(3);
        only.before = inputs -> {
            if (Integer.parseInt(inputs.getFirst()) < 30) {
                meet(three);
            }
        };
        Embeddings answer = embed(numbers(95), "a/m");
        assertInOrder(answer, 95, 1);
        assertThat(answer.usage()).contains(new Usage(95, 0, 10, 0, 0));
        assertThat(answer.attribution().orElseThrow().attempts()).isEqualTo(1);
        assertThat(only.asked).hasSize(10).allMatch(part -> part.size() <= 10);
        assertThat(only.most).hasValue(3);
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatFitsGoesInOnePiece() {
        Numbered only = add("a", new Numbered(1, TEN));
        assertInOrder(embed(numbers(10), "a/m"), 10, 1);
        assertThat(only.asked).hasSize(1);
    }

    @Test
    void noPartHasMoreTokensOrTextsThanAllowedAndNoTextIsLost() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            EmbeddingLimits limits = new EmbeddingLimits(1 + random.nextInt(8), 1 + random.nextInt(40));
            Numbered only = new Numbered(1, limits);
            Map<String, Object> properties = Map.of(LlmProvider.NAME, "a", "service.id", 1L);
            providers.add(only, properties);
            int count = 1 + random.nextInt(60);
            List<String> inputs = numbers(count).stream()
                    .map(number -> number + " ".repeat(random.nextInt(50)))
                    .toList();
            assertInOrder(embed(inputs, "a/m"), count, 1);
            assertThat(only.asked).allSatisfy(part -> {
                assertThat(part).hasSizeLessThanOrEqualTo(limits.inputs());
                long tokens = part.stream().mapToLong(t -> (t.length() + 1) / 2).sum();
                assertThat(part.size() == 1 || tokens <= limits.tokens()).isTrue();
            });
            assertThat(only.asked.stream().mapToInt(List::size).sum()).isEqualTo(count);
            providers.remove(only, properties);
        }
    }

    @Test
    void theErrorSaysWhichTextsFailed() {
        Numbered only = add("a", new Numbered(1, TEN));
        only.before = inputs -> {
            if (inputs.contains("25")) {
                throw new InvalidRequestException("too strange");
            }
        };
        InvalidRequestException error =
                catchThrowableOfType(InvalidRequestException.class, () -> embed(numbers(1000), "a/m"));
        assertThat(error.details().parameter()).isEqualTo("input[20-29]");
        assertThat(error.details().provider()).isEqualTo("a");
        assertThat(error).hasMessageContaining("too strange").hasMessageContaining("input[20-29] of 1000");
        assertThat(only.asked.size()).as("parts asked for").isLessThan(100);
    }

    @Test
    void anUnforeseenFailureSaysSoToo() {
        Numbered only = add("a", new Numbered(1, new EmbeddingLimits(1, 1)));
        only.before = inputs -> {
            if (inputs.contains("0")) {
                throw new IllegalStateException("the secret text");
            }
        };
        assertThatThrownBy(() -> embed(numbers(3), "a/m"))
                .isInstanceOfSatisfying(
                        InternalException.class,
                        e -> assertThat(e.details().parameter()).isEqualTo("input[0]"))
                .hasMessageNotContaining("secret");
    }

    @Test
    void aRetryAsksForWhatIsMissingAlone() {
        Numbered only = add("a", new Numbered(1, TEN));
        AtomicInteger failures = new AtomicInteger();
        only.before = inputs -> {
            if (inputs.contains("45") && failures.getAndIncrement() == 0) {
                throw new UnavailableException("for a moment");
            }
        };
        Embeddings answer = embed(numbers(100), "a/m");
        assertInOrder(answer, 100, 1);
        assertThat(answer.usage()).contains(new Usage(100, 0, 10, 0, 0));
        assertThat(answer.attribution().orElseThrow().attempts()).isEqualTo(2);
        Map<String, Integer> times = new ConcurrentHashMap<>();
        only.asked.forEach(part -> times.merge(part.getFirst(), 1, Integer::sum));
        assertThat(times.remove("40")).isEqualTo(2);
        assertThat(times.values()).containsOnly(1);
    }

    @Test
    void eachAttemptIsBookedWithThePartsThatItBrought() {
        Journal journal = new Journal();
        routing.accounting().ledgers().add(journal, Map.of("service.id", 1L));
        Numbered only = add("a", new Numbered(1, TEN));
        AtomicInteger failures = new AtomicInteger();
        only.before = inputs -> {
            if (inputs.contains("45") && failures.getAndIncrement() == 0) {
                throw new UnavailableException("for a moment");
            }
        };
        embed(numbers(100), "a/m");
        assertThat(journal.entries).extracting(UsageEntry::outcome).containsExactly(Outcome.FAILED, Outcome.COMPLETED);
        assertThat(journal.entries.getFirst().usage().inputTokens()).isPositive();
        assertThat(journal.entries.stream()
                        .mapToLong(e -> e.usage().inputTokens())
                        .sum())
                .isEqualTo(100);

        only.before = inputs -> {
            if (inputs.contains("45")) {
                throw new InvalidRequestException("never");
            }
        };
        int answered = only.asked.size();
        assertThatThrownBy(() -> embed(numbers(100), "a/m")).isInstanceOf(InvalidRequestException.class);
        UsageEntry last = journal.entries.getLast();
        assertThat(last.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(last.estimated()).isFalse();
        assertThat(last.usage().inputTokens()).isEqualTo((only.asked.size() - answered - 1) * 10L);
    }

    @Test
    void vectorsOfTwoModelsAreNotMixed() {
        Numbered first = add("a", new Numbered(1, TEN));
        first.before = inputs -> {
            if (inputs.contains("45")) {
                throw new UnavailableException("down");
            }
        };
        add("b", new Numbered(2, new EmbeddingLimits(7, 1000)));
        assertInOrder(embed(numbers(100), "a/m", "b/m"), 100, 2);
        assertThat(first.asked).isNotEmpty();
    }

    @Test
    void aVectorTooFewIsAnErrorAndNoHole() {
        add("a", new Numbered(1, TEN) {
            @Override
            Embeddings answer(EmbeddingRequest request) {
                Embeddings all = super.answer(request);
                List<float[]> vectors = all.vectors();
                return request.inputs().contains("13")
                        ? new Embeddings(all.model(), vectors.subList(1, vectors.size()), all.usage())
                        : all;
            }
        });
        assertThatThrownBy(() -> embed(numbers(20), "a/m"))
                .isInstanceOfSatisfying(
                        ProtocolException.class,
                        e -> assertThat(e.details().parameter()).isEqualTo("input[10-19]"));
        assertThatThrownBy(() -> embed(List.of("12", "13"), "a/m")).isInstanceOf(ProtocolException.class);
    }

    @Test
    void cancellingEndsAllPartsAndBeginsNoMore() throws Exception {
        Numbered only = add("a", new Numbered(1, TEN));
        CountDownLatch inside = new CountDownLatch(3);
        CountDownLatch interrupted = new CountDownLatch(3);
        only.before = inputs -> {
            inside.countDown();
            try {
                Thread.sleep(Duration.ofMinutes(1));
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw new CancelledException("interrupted");
            }
        };
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                embed(numbers(100), "a/m");
            } catch (ForgeException e) {
                thrown.complete(e);
            }
        });
        assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(providers.statuses().getFirst().active()).isEqualTo(1);
        caller.interrupt();
        assertThat(thrown.get(10, TimeUnit.SECONDS)).isInstanceOf(CancelledException.class);
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
        while (providers.statuses().getFirst().active() > 0) {
            Thread.onSpinWait();
        }
        assertThat(only.inside).hasValue(0);
        assertThat(only.asked).hasSize(3);
    }

    @Test
    void manyTextsNeedNotFitIntoTheWindowTogether() {
        add("a", new Numbered(1, TEN));
        List<String> inputs = new ArrayList<>(numbers(1000));
        assertInOrder(embed(inputs, "a/m;context=10"), 1000, 1);
    }
}
