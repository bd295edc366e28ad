package forge.ai.itest.dialects;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.Message;
import forge.ai.runtime.testkit.llm.Recording;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What each vendor once answered, through each dialect of the server: nothing is lost that the dialect can say. */
@Timeout(60)
class AnswersIT {

    @TempDir
    private static Path folder;

    private static Crossing crossing;

    @BeforeAll
    static void start() throws Exception {
        crossing = new Crossing(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        crossing.close();
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                        List.of(
                                "openai",
                                "openai/chat",
                                "openai/chat-raw",
                                "azure/chat",
                                "huggingface/chat",
                                "ollama/chat"),
                        List.of("anthropic", "anthropic/messages", "anthropic/messages-raw"),
                        List.of("ollama", "ollama/ollama-chat"),
                        List.of(
                                "responses",
                                "openai/responses",
                                "openai/responses-raw",
                                "azure/responses",
                                "azure/responses-raw"))
                .flatMap(vendor -> Recording.in(vendor.subList(1, vendor.size()).toArray(String[]::new)).stream()
                        .flatMap(recording -> dialects(vendor.getFirst())
                                .map(dialect -> Arguments.of(vendor.getFirst(), recording, dialect))));
    }

    /** What responses say beside chats belongs to their vendor; so they are heard in their own dialect. */
    private static Stream<String> dialects(String vendor) {
        return vendor.equals("responses") ? Stream.of(vendor) : Crossing.DIALECTS.stream();
    }

    @ParameterizedTest(name = "{1} as {2}")
    @MethodSource("answers")
    void anAnswerSaysTheSameInEveryDialect(String vendor, Recording recording, String dialect) {
        crossing.answer(recording.status(), recording.type(), recording.body());
        ChatRequest request = ChatRequest.of(vendor + "/m", Message.user("a"));
        ChatRequest crossed = request.withModel("as-" + dialect + "/" + request.model());
        if (recording.stream()) {
            compare(
                    vendor,
                    dialect,
                    true,
                    () -> Completion.of(crossing.llm().streamChat(request)),
                    () -> Completion.of(crossing.llm().streamChat(crossed)));
        } else {
            compare(
                    vendor,
                    dialect,
                    false,
                    () -> crossing.llm().chat(request),
                    () -> crossing.llm().chat(crossed));
        }
    }

    private static void compare(
            String vendor, String dialect, boolean stream, Supplier<Completion> direct, Supplier<Completion> crossed) {
        Completion said;
        try {
            said = direct.get();
        } catch (ForgeException e) {
            // That an upstream breaks its own format is a 502 for a client, which is as good as not there.
            ErrorCode code = e.code() == ErrorCode.PROTOCOL ? ErrorCode.UNAVAILABLE : e.code();
            assertThat(failure(crossed).code()).isEqualTo(code);
            return;
        }
        Heard expected = Heard.of(said);
        boolean same = vendor.equals(dialect);
        // Responses that are made anew leave out what they have no item for.
        boolean anew = dialect.equals("responses") && !same;
        boolean foreign = said.content().stream().anyMatch(c -> c instanceof Content.Extension) && !same && !anew;
        boolean unsound = !expected.sound() && dialect.equals("ollama");
        if (foreign || unsound) {
            ForgeException error = failure(crossed);
            assertThat(error).hasMessageContaining(foreign ? "cannot hold" : "are not a JSON object");
            // What goes wrong in the midst of a stream has no status, and its words tell the provider of a client
            // little.
            assertThat(error.code())
                    .isIn(
                            stream
                                    ? List.of(ErrorCode.UNSUPPORTED, ErrorCode.INVALID_REQUEST, ErrorCode.UNAVAILABLE)
                                    : List.of(ErrorCode.UNSUPPORTED, ErrorCode.INVALID_REQUEST));
            return;
        }
        assertThat(Heard.of(crossed.get())).isEqualTo(same ? expected : expected.in(dialect));
    }

    private static ForgeException failure(Supplier<Completion> call) {
        try {
            throw new AssertionError("no error, but " + call.get().finish());
        } catch (ForgeException e) {
            return e;
        }
    }
}
