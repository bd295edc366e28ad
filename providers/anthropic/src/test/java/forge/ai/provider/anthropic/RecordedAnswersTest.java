package forge.ai.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.TokenCount;
import forge.ai.runtime.testkit.Configs;
import forge.ai.runtime.testkit.llm.RecordedAnswer;
import forge.ai.runtime.testkit.llm.RecordedAnswersContract;
import forge.ai.runtime.testkit.llm.Recording;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Anthropic has answered, sent again over HTTP. */
class RecordedAnswersTest extends RecordedAnswersContract {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final AnthropicProvider provider = new AnthropicProvider(Settings.of(Configs.of(
            AnthropicProviderComponent.Config.class,
            Map.of("baseUrl", upstream.uri().toString()))));

    @AfterAll
    void close() {
        provider.close();
    }

    @Override
    protected LlmProvider provider() {
        return provider;
    }

    @Override
    protected List<Recording> answers() {
        return Recording.in("anthropic/messages", "anthropic/messages-raw").stream()
                .filter(Recording::successful)
                .flatMap(RecordedAnswersTest::single)
                .toList();
    }

    /** Some files hold the streams of several turns, and some have lost the line end after the last event. */
    private static Stream<Recording> single(Recording recording) {
        if (!recording.stream()) {
            return Stream.of(recording);
        }
        List<String> parts = List.of(recording.text().split("(?=event: message_start\n)"));
        List<Recording> all = new ArrayList<>();
        for (String part : parts) {
            byte[] body = (part.strip() + "\n\n").getBytes(StandardCharsets.UTF_8);
            String name = parts.size() == 1 ? recording.name() : recording.name() + " " + all.size();
            all.add(new Recording(name, recording.request(), 200, recording.type(), true, body));
        }
        return all.stream();
    }

    @Override
    protected RecordedAnswer reading(Recording recording) throws IOException {
        return IndependentReading.of(recording).answer();
    }

    @Override
    protected void assertMore(Recording recording, Completion completion) throws IOException {
        IndependentReading reading = IndependentReading.of(recording);
        List<JsonNode> own = new ArrayList<>();
        for (Content content : completion.content()) {
            if (content instanceof Content.Extension extension) {
                assertThat(extension.dialect()).isEqualTo("anthropic");
                own.add(MAPPER.readTree(extension.json()));
            }
        }
        assertThat(own).isEqualTo(reading.others());
        assertThat(completion.id()).isEqualTo(reading.id());
        reading.notes()
                .forEach((name, value) -> assertThat(completion.extensions()).containsEntry(name, value.toString()));
        String citations = completion.extensions().getOrDefault("citations", "[]");
        List<JsonNode> cited = new ArrayList<>();
        MAPPER.readTree(citations).forEach(block -> block.get("citations").forEach(cited::add));
        assertThat(cited).isEqualTo(reading.citations());
    }

    List<Recording> recorded() {
        return answers();
    }

    /** The next turn of a conversation has to hold what was answered, thoughts and their proofs to the letter. */
    @ParameterizedTest
    @MethodSource("recorded")
    void anAnswerIsSentBackAsItCame(Recording recording) throws Exception {
        upstream.script(x -> x.answer(200, recording.type(), recording.body()));
        Completion completion = recording.stream() ? Completion.of(stream(recording)) : whole(recording);
        List<Message> messages = new ArrayList<>(List.of(Message.user("a")));
        messages.add(new Message(Message.Role.ASSISTANT, completion.content()));
        messages.add(Message.user("and then?"));
        upstream.requests().clear();
        upstream.script(x -> x.answer(200, "application/json", new AnthropicAnswers().whole("x")));

        provider.chat(ChatRequest.builder("m").messages(messages).build());

        JsonNode sent = MAPPER.readTree(upstream.requests().getFirst().body()).path("messages");
        List<JsonNode> blocks = new ArrayList<>();
        if (sent.size() == 3) {
            sent.get(1).path("content").forEach(blocks::add);
        }
        assertThat(IndependentReading.joined(blocks))
                .isEqualTo(IndependentReading.of(recording).blocks());
    }

    static List<Recording> errors() {
        return Recording.in("anthropic/messages", "anthropic/count-tokens").stream()
                .filter(r -> !r.successful())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("errors")
    void anErrorKeepsItsMeaningAndTheVendorsWords(Recording recording) {
        upstream.script(x -> x.answer(
                recording.status(), recording.type(), recording.body(), "request-id: req-" + recording.status()));
        JsonNode error = recording.json().get("error");
        for (boolean streams : new boolean[] {false, true}) {
            ForgeException e = catchThrowableOfType(
                    ForgeException.class,
                    () -> Completion.of(streams ? stream(recording) : CompletionStream.of(whole(recording))));

            assertThat(e.code())
                    .isEqualTo(
                            switch (recording.status()) {
                                case 400 -> ErrorCode.CONTEXT_LENGTH;
                                case 401 -> ErrorCode.AUTHENTICATION;
                                case 404 -> ErrorCode.NOT_FOUND;
                                default -> throw new IllegalStateException("status " + recording.status());
                            });
            assertThat(e.getMessage())
                    .isEqualTo("anthropic: " + error.get("message").textValue());
            assertThat(e.details().vendorCode()).isEqualTo(error.get("type").textValue());
            assertThat(e.details().requestId()).isEqualTo("req-" + recording.status());
        }
    }

    static List<Recording> counts() {
        return Recording.in("anthropic/count-tokens").stream()
                .filter(Recording::successful)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("counts")
    void aCountIsReadAsItIs(Recording recording) {
        upstream.script(x -> x.answer(200, recording.type(), recording.body()));

        assertThat(provider.countTokens(ChatRequest.of("m", Message.user("a"))))
                .isEqualTo(new TokenCount(recording.json().get("input_tokens").longValue(), true));
    }
}
