package forge.ai.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.Usage;
import forge.ai.api.llm.UsageEntry;
import forge.ai.api.llm.UsageEntry.Outcome;
import forge.ai.api.llm.UsageFilter;
import forge.ai.api.llm.UsageLedger;
import forge.ai.api.llm.UsageTotal;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.ServiceRegistration;

/**
 * Mixed calls from 64 callers with faults and cancellations, while providers are swapped and configurations change: the
 * ledger says what the upstream saw, no limit is exceeded, and the headers are right. {@code
 * -Dforge.accounting.calls=10000} makes it long.
 */
@Timeout(300)
class AccountingIT {

    private static final int CALLERS = 64;
    private static final int CALLS = Integer.getInteger("forge.accounting.calls", 640) / CALLERS;
    /** Of half the callers; the others have none. */
    private static final long LIMIT = Math.max(2, CALLS * 3 / 4);

    private static final List<String> PRICES = List.of("100,10,200", "300,30,400");
    private static final String[] WHAT = {"ok", "ok", "ok", "silent", "away", "wrong", "cut", "hang"};

    @TempDir
    private static Path folder;

    private final CountingUpstream upstream = new CountingUpstream();
    private final LongAdder refused = new LongAdder();
    private final LongAdder cancelled = new LongAdder();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final long begun = System.nanoTime();

    /** A client with a key of its own, that calls one after the other. */
    private final class Client {
        final RunningServer server;
        final String name;
        final String key;
        final boolean limited;
        final Random random;
        int admitted;

        Client(RunningServer server, int number) throws Exception {
            this.server = server;
            name = "caller-" + number;
            limited = number % 2 == 0;
            random = new Random(number);
            key = Keys.create(server, name, limited ? Map.of("requestsPerMinute", LIMIT) : Map.of());
        }

        void run() throws Exception {
            for (int call = 0; call < CALLS; call++) {
                String what = WHAT[random.nextInt(WHAT.length)];
                String id = name + "-" + call;
                String text = id + " " + what + " " + (1 + random.nextInt(100)) + " " + (1 + random.nextInt(50));
                switch (random.nextInt(3)) {
                    case 0 -> stream(id, what, text);
                    case 1 -> whole(id, what, text);
                    default -> embed(what.equals("hang") || what.equals("cut") ? text.replace(what, "ok") : text);
                }
            }
        }

        private HttpRequest request(String path, String body) {
            return HttpRequest.newBuilder(server.address().resolve(path))
                    .header("Content-Type", "application/json")
                    .header("Authorization", "Bearer " + key)
                    .timeout(Duration.ofSeconds(60))
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
        }

        private HttpRequest chat(String text, boolean stream) {
            return request(
                    "/v1/chat/completions",
                    "{\"model\":\"r\",\"stream\":" + stream + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + text
                            + "\"}]}");
        }

        private void stream(String id, String what, String text) throws Exception {
            HttpResponse<InputStream> response =
                    server.http.send(chat(text, true), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (seen(response) && what.equals("hang")) {
                    assertThat(upstream.hanging(id).await(30, TimeUnit.SECONDS)).isTrue();
                    cancelled.increment();
                } else {
                    body.readAllBytes();
                }
            }
        }

        private void whole(String id, String what, String text) throws Exception {
            CompletableFuture<HttpResponse<String>> answer =
                    server.http.sendAsync(chat(text, false), HttpResponse.BodyHandlers.ofString());
            if (!what.equals("hang")) {
                seen(answer.get());
                return;
            }
            while (!upstream.hanging(id).await(5, TimeUnit.MILLISECONDS)) {
                if (answer.isDone()) {
                    assertThat(seen(answer.get())).isFalse();
                    return;
                }
            }
            admitted++;
            cancelled.increment();
            answer.cancel(true);
        }

        private void embed(String text) throws Exception {
            seen(server.http.send(
                    request("/v1/embeddings", "{\"model\":\"r\",\"input\":\"" + text + "\"}"),
                    HttpResponse.BodyHandlers.ofString()));
        }

        /** Whether the call was let in; checks what the headers say. */
        private boolean seen(HttpResponse<?> response) {
            boolean in = response.statusCode() != 429;
            if (in) {
                admitted++;
            } else {
                refused.increment();
            }
            // After that, what was used a minute ago is free again.
            if (limited && System.nanoTime() - begun < Duration.ofSeconds(50).toNanos()) {
                assertThat(response.headers().firstValue("x-ratelimit-limit-requests"))
                        .hasValue(Long.toString(LIMIT));
                assertThat(response.headers().firstValue("x-ratelimit-remaining-requests"))
                        .hasValue(Long.toString(LIMIT - admitted));
                assertThat(in || admitted == LIMIT).isTrue();
            }
            return in;
        }
    }

    /** Swaps the providers, and changes prices, the route and a key, until it is told to stop. */
    private void disturb(RunningServer server) throws Exception {
        Map<String, ServiceRegistration<LlmProvider>> serving = new HashMap<>();
        for (int round = 0; round < 4 || !stop.await(20, TimeUnit.MILLISECONDS); round++) {
            String name = round % 2 == 0 ? "a" : "b";
            ServiceRegistration<LlmProvider> before =
                    serving.put(name, server.provide(name, upstream.provider(name.equals("a"))));
            if (before != null) {
                before.unregister();
            }
            server.configureOther("forge.ai.prices", Map.of("prices", new String[] {
                "a/m=" + PRICES.get(round % 2), "b/m=" + PRICES.get(round % 2)
            }));
            server.configure(
                    "forge.ai.route",
                    "r",
                    Map.of(
                            "targets",
                            new String[] {"a/m", "b/m"},
                            "attempts",
                            2 + round % 2,
                            "parallel",
                            1000 + round));
        }
    }

    @Test
    void theLedgerSaysWhatTheUpstreamSaw() throws Exception {
        try (RunningServer server = new RunningServer(folder);
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            // Each answer has its own fault, so that no target is to be left out for the faults of others.
            server.configureOther("forge.ai.runtime.llm", Map.of("ejectAfter", 100, "backoffMillis", 1L));
            UsageLedger ledger = server.framework().await(UsageLedger.class, "(objectClass=*)", Duration.ofSeconds(10));
            List<Client> clients = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                clients.add(new Client(server, i));
            }
            server.provide("a", upstream.provider(true));
            server.provide("b", upstream.provider(false));
            server.route("r", "a/m", "b/m");
            Future<?> disturbance = executor.submit(() -> {
                disturb(server);
                return null;
            });
            List<Future<?>> running = new ArrayList<>();
            for (Client client : clients) {
                running.add(executor.submit(() -> {
                    client.run();
                    return null;
                }));
            }
            try {
                for (Future<?> each : running) {
                    each.get();
                }
            } finally {
                stop.countDown();
            }
            disturbance.get(60, TimeUnit.SECONDS);
            check(clients, settled(ledger));
        }
    }

    /** All entries, once those of the calls that were given up are there too. */
    private List<UsageEntry> settled(UsageLedger ledger) throws InterruptedException, ExecutionException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (ledger.totals(UsageFilter.ALL).stream()
                        .mapToLong(UsageTotal::calls)
                        .sum()
                < upstream.asked.sum()) {
            assertThat(System.nanoTime() < end).as("all entries within 20 s").isTrue();
            TimeUnit.MILLISECONDS.sleep(5);
        }
        List<UsageEntry> entries = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            entries.addAll(ledger.entries(UsageFilter.ALL.withKey("caller-" + i), 10_000));
        }
        List<UsageTotal> totals = ledger.totals(UsageFilter.ALL);
        assertThat(totals.stream().mapToLong(UsageTotal::calls).sum()).isEqualTo(entries.size());
        assertThat(totals.stream().map(UsageTotal::cost).reduce(BigDecimal.ZERO, BigDecimal::add))
                .isEqualByComparingTo(entries.stream().map(UsageEntry::cost).reduce(BigDecimal.ZERO, BigDecimal::add));
        assertThat(totals.stream().mapToLong(t -> t.usage().totalTokens()).sum())
                .isEqualTo(
                        entries.stream().mapToLong(e -> e.usage().totalTokens()).sum());
        return entries;
    }

    private void check(List<Client> clients, List<UsageEntry> entries) {
        assertThat(entries).hasSize(upstream.asked.intValue());
        assertThat(entries.stream().map(UsageEntry::id)).doesNotHaveDuplicates();
        assertThat(count(entries, Outcome.COMPLETED)).isEqualTo(upstream.completed.sum());
        assertThat(count(entries, Outcome.FAILED) + count(entries, Outcome.CUT)).isEqualTo(upstream.failed.sum());
        assertThat(count(entries, Outcome.CANCELLED)).isEqualTo(cancelled.sum());
        List<UsageEntry> said = entries.stream()
                .filter(e -> e.outcome() == Outcome.COMPLETED && !e.estimated())
                .toList();
        assertThat(said.stream().mapToLong(e -> e.usage().inputTokens()).sum()).isEqualTo(upstream.inputTokens.sum());
        assertThat(said.stream().mapToLong(e -> e.usage().outputTokens()).sum()).isEqualTo(upstream.outputTokens.sum());
        assertThat(entries).allSatisfy(AccountingIT::plausible);
        assertThat(count(entries, Outcome.CUT)).isPositive();
        assertThat(refused.sum()).isPositive();
        boolean quick = System.nanoTime() - begun < Duration.ofSeconds(50).toNanos();
        for (Client client : clients) {
            // Attempts of one call share its number of calls: first attempts are as many as calls that were let in.
            long first = entries.stream()
                    .filter(e -> e.key().equals(client.name) && e.attempt() == 1)
                    .count();
            assertThat(first).isEqualTo(client.admitted);
            if (client.limited && quick) {
                assertThat(first).isLessThanOrEqualTo(LIMIT);
            }
        }
    }

    private static long count(List<UsageEntry> entries, Outcome outcome) {
        return entries.stream().filter(e -> e.outcome() == outcome).count();
    }

    /** By one of the two lists of prices, or by none, as before the first. */
    private static void plausible(UsageEntry entry) {
        Usage usage = entry.usage();
        BigDecimal one = BigDecimal.valueOf(100 * usage.inputTokens() + 200 * usage.outputTokens(), 6);
        BigDecimal other = BigDecimal.valueOf(300 * usage.inputTokens() + 400 * usage.outputTokens(), 6);
        assertThat(entry.cost().stripTrailingZeros())
                .isIn(one.stripTrailingZeros(), other.stripTrailingZeros(), BigDecimal.ZERO);
        boolean complete = entry.outcome() == Outcome.COMPLETED;
        assertThat(entry.error().isPresent())
                .isEqualTo(entry.outcome() == Outcome.FAILED || entry.outcome() == Outcome.CUT);
        assertThat(complete || entry.outcome() == Outcome.FAILED || entry.estimated())
                .isTrue();
        assertThat(entry.latency()).isPositive();
    }
}
