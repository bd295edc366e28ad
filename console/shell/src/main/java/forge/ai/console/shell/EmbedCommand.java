package forge.ai.console.shell;

import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Embeddings;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmService;
import java.util.List;
import java.util.Locale;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ai:embed}: the vector of a text. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=embed"})
public final class EmbedCommand implements ShellCommand {

    private static final int SHOWN = 8;

    private final LlmService llm;

    @Activate
    public EmbedCommand(@Reference LlmService llm) {
        this.llm = llm;
    }

    @Override
    public Usage usage() {
        return Usage.of("embed", "[--json] MODEL TEXT...", "turns a text into a vector");
    }

    @Override
    public void run(Call call) {
        Embeddings answer = llm.embed(
                EmbeddingRequest.of(call.words().value("MODEL"), call.words().text("TEXT")));
        float[] vector = answer.vectors().getFirst();
        if (call.words().has("--json")) {
            call.output().json(json -> {
                json.writeStartArray();
                for (float number : vector) {
                    json.writeNumber(number);
                }
                json.writeEndArray();
            });
        } else {
            call.output().line(summary(vector));
        }
    }

    private static String summary(float[] vector) {
        StringBuilder text = new StringBuilder(vector.length + " numbers:");
        for (int i = 0; i < Math.min(SHOWN, vector.length); i++) {
            text.append(String.format(Locale.ROOT, " %.4f", vector[i]));
        }
        return vector.length > SHOWN ? text + " ..." : text.toString();
    }

    @Override
    public List<String> choices(Begun begun) {
        return begun.place().equals("MODEL")
                ? llm.models().stream().map(LlmModel::id).toList()
                : List.of();
    }
}
