package forge.ai.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.Wire;
import forge.ai.runtime.testkit.Configs;
import forge.ai.runtime.testkit.LoggedText;
import forge.ai.runtime.testkit.ScriptedExchange;
import forge.ai.runtime.testkit.ScriptedUpstream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An upstream that knows versions and models as Anthropic does, and refuses with 400 what these do not take. */
@Timeout(60)
class ApiVersionsTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String OLD = "claude-sonnet-4-0";
    private static final String SECRET = "Zanzibar";
    private static final List<String> SAMPLING = List.of("temperature", "top_p", "top_k");
    private static final GenerationOptions WARM =
            GenerationOptions.builder().temperature(0.5).topP(0.9).topK(40).build();

    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final AnthropicAnswers answers = new AnthropicAnswers();
    private final LoggedText logged = new LoggedText();
    private Set<String> versions = Set.of("2023-06-01", "2026-10-21");
    private Set<String> withoutSampling = Set.of();
    private AnthropicProvider provider;

    @AfterEach
    void close() {
        provider.close();
        upstream.close();
        logged.close();
        assertThat(logged.text()).doesNotContain(SECRET);
    }

    private void start(String version) {
        upstream.script(this::answer);
        provider = new AnthropicProvider(Settings.of(Configs.of(
                AnthropicProviderComponent.Config.class,
                Map.of("baseUrl", upstream.uri().toString(), "apiVersion", version))));
    }

    private void answer(ScriptedExchange x) throws Exception {
        String version = x.header("anthropic-version");
        JsonNode body = x.method().equals("GET") ? MAPPER.createObjectNode() : MAPPER.readTree(x.body());
        if (!versions.contains(version)) {
            refuse(x, "anthropic-version: " + version + " is not a valid version");
            return;
        }
        for (String field : SAMPLING) {
            if (body.has(field) && version.equals("2026-10-21")) {
                refuse(x, field + ": Extra inputs are not permitted");
                return;
            }
            if (body.has(field) && withoutSampling.contains(body.path("model").asText())) {
                refuse(x, field + " is deprecated for this model");
                return;
            }
        }
        if (x.method().equals("GET")) {
            x.answer(200, "application/json", "{\"data\":[{\"id\":\"m\"}]}");
        } else if (body.path("stream").asBoolean()) {
            x.begin(200, "text/event-stream");
            x.chunk(answers.stream("good"));
            x.end();
        } else {
            x.answer(200, "application/json", answers.whole("good"));
        }
    }

    private void refuse(ScriptedExchange x, String words) throws Exception {
        x.answer(400, "application/json", answers.error(words, "invalid_request_error"));
    }

    private static ChatRequest warm(String model) {
        return ChatRequest.builder(model)
                .messages(List.of(Message.user(SECRET)))
                .options(WARM)
                .build();
    }

    /** Whole and streamed, bound and as it came; what was sent last each time. */
    private List<ScriptedExchange> askInEveryWay(String model) {
        ChatRequest bound = warm(model);
        ChatRequest wire = ChatRequest.builder(model)
                .messages(bound.messages())
                .options(WARM)
                .wire(new Wire(
                        Wire.ANTHROPIC_MESSAGES,
                        "{\"model\":\"x\",\"temperature\":0.5,\"top_p\":0.9,\"top_k\":40,\"messages\":[{\"role\":"
                                + "\"user\",\"content\":\"" + SECRET + "\"}]}"))
                .build();
        List<ScriptedExchange> sent = new ArrayList<>();
        for (ChatRequest request : List.of(bound, wire)) {
            assertThat(provider.chat(request).text()).isEqualTo("good");
            sent.add(upstream.requests().getLast());
            assertThat(Completion.of(provider.streamChat(request)).text()).isEqualTo("good");
            sent.add(upstream.requests().getLast());
        }
        return sent;
    }

    private static boolean samples(ScriptedExchange x) {
        return SAMPLING.stream().allMatch(x.body()::contains);
    }

    private static boolean doesNotSample(ScriptedExchange x) {
        return SAMPLING.stream().noneMatch(x.body()::contains);
    }

    private long warnings() {
        return logged.text()
                .lines()
                .filter(l -> l.contains("left out of requests"))
                .count();
    }

    @Test
    void theFormerVersionTakesHowTokensAreDrawn() {
        start("2023-06-01");
        assertThat(askInEveryWay(OLD))
                .allMatch(ApiVersionsTest::samples)
                .allMatch(x -> x.header("anthropic-version").equals("2023-06-01"));
        assertThat(warnings()).isZero();
    }

    @Test
    void theCurrentVersionNeverGetsItAndTheLogSaysSoOnce() {
        start("2026-10-21");
        assertThat(askInEveryWay(OLD))
                .allMatch(ApiVersionsTest::doesNotSample)
                .allMatch(x -> x.header("anthropic-version").equals("2026-10-21"));
        assertThat(upstream.requests()).hasSize(4);
        assertThat(warnings()).isEqualTo(1);
        assertThat(logged.text()).contains("temperature, top_p, top_k").contains("2026-10-21");
    }

    @ParameterizedTest
    @CsvSource({"auto", "2023-06-01", "2026-10-21"})
    void aModelThatDoesNotTakeItNeverGetsIt(String version) {
        withoutSampling = Set.of("claude-opus-4-8");
        start(version);
        assertThat(askInEveryWay("claude-opus-4-8")).allMatch(ApiVersionsTest::doesNotSample);
        assertThat(upstream.requests()).hasSize(4);
        assertThat(warnings()).isEqualTo(1);
    }

    @Test
    void aModelOfWhichThatIsNotKnownIsLearnedOnce() {
        withoutSampling = Set.of(OLD);
        start("2023-06-01");
        assertThat(askInEveryWay(OLD)).allMatch(ApiVersionsTest::doesNotSample);
        assertThat(upstream.requests()).as("one refusal").hasSize(5);
        assertThat(warnings()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"claude-haiku-4-5, 4", "claude-sonnet-4-0, 5"})
    void whatAModelDoesNotTakeTogetherIsNotSentTogether(String model, int requests) {
        start("2023-06-01");
        upstream.script(x -> {
            if (x.body().contains("\"temperature\"") && x.body().contains("\"top_p\"")) {
                refuse(x, "`temperature` and `top_p` cannot both be specified for this model. Please use only one.");
            } else {
                answer(x);
            }
        });
        assertThat(askInEveryWay(model))
                .allMatch(x ->
                        x.body().contains("\"temperature\":0.5") && x.body().contains("\"top_k\":40"))
                .noneMatch(x -> x.body().contains("top_p"));
        assertThat(upstream.requests()).hasSize(requests);
    }

    @Test
    void aValueThatIsRefusedIsLeftOutOfThatRequestAlone() {
        start("2023-06-01");
        upstream.script(x -> {
            if (x.body().contains("-3.0")) {
                refuse(x, "temperature: range: -1..1");
            } else {
                answer(x);
            }
        });
        GenerationOptions odd = GenerationOptions.builder().temperature(-3).build();
        assertThat(provider.chat(warm(OLD).withOptions(odd)).text()).isEqualTo("good");
        assertThat(upstream.requests().getLast()).matches(ApiVersionsTest::doesNotSample);
        assertThat(askInEveryWay(OLD)).allMatch(ApiVersionsTest::samples);
    }

    @Test
    void autoDoesWithWhateverVersionTheUpstreamKnows() {
        for (String known : List.of("2023-06-01", "2026-10-21")) {
            versions = Set.of(known);
            start("auto");
            upstream.requests().clear();

            assertThat(provider.models()).extracting(LlmModel::id).containsExactly("m");
            assertThat(askInEveryWay(OLD))
                    .allMatch(x -> x.header("anthropic-version").equals(known));

            long refused = upstream.requests().stream()
                    .filter(x -> !x.header("anthropic-version").equals(known))
                    .count();
            assertThat(refused).as("learned at the first request").isLessThanOrEqualTo(1);
            provider.close();
        }
    }

    @Test
    void autoKeepsToTheFormerVersionWhereOthersThanAnthropicAnswer() {
        start("auto");
        assertThat(askInEveryWay(OLD))
                .allMatch(ApiVersionsTest::samples)
                .allMatch(x -> x.header("anthropic-version").equals("2023-06-01"));
    }

    @Test
    void autoTakesTheCurrentVersionAtAnthropicButForWhatOnlyTheFormerCan() {
        start("auto");
        Settings official = Settings.of(Configs.of(AnthropicProviderComponent.Config.class, Map.of()));
        Plans plans = new Plans(official, new Omissions("anthropic"));
        Plan current = new Plan(ApiVersion.V2026_10_21, Sampling.NONE, false);
        Plan former = new Plan(ApiVersion.V2023_06_01, Sampling.ALL, false);
        assertThat(plans.first(new Need("claude-sonnet-5", true, false))).isEqualTo(current);
        assertThat(plans.first(new Need(OLD, false, false)).version()).isEqualTo(current.version());
        assertThat(plans.first(new Need(OLD, true, false))).isEqualTo(former);
        assertThat(plans.first(new Need(OLD, false, true))).isEqualTo(former);
    }

    @Test
    void anyOtherRefusalIsTheCallersAndComesAtOnce() {
        start("auto");
        upstream.script(x -> refuse(x, "messages: at least one message is required"));
        assertThatThrownBy(() -> provider.chat(warm(OLD))).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> Completion.of(provider.streamChat(warm(OLD))))
                .isInstanceOf(InvalidRequestException.class);
        assertThat(upstream.requests()).hasSize(2);
    }

    @Test
    void aRefusalThatStaysEndsTheAttempts() {
        start("auto");
        upstream.script(x -> refuse(x, "temperature and anthropic-version: no"));
        assertThatThrownBy(() -> provider.chat(warm(OLD))).isInstanceOf(InvalidRequestException.class);
        assertThat(upstream.requests()).hasSize(3);
    }
}
