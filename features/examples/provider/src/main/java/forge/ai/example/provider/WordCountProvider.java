package forge.ai.example.provider;

import forge.ai.api.NotFoundException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.Usage;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** Serves the model {@code words/count}, which says how many words the last message has. */
@Component(property = LlmProvider.NAME + "=words")
public final class WordCountProvider implements LlmProvider {

    @Override
    public List<LlmModel> models() {
        return List.of(LlmModel.of("count").withOwner("example"));
    }

    @Override
    public Completion chat(ChatRequest request) {
        if (!request.model().equals("count")) {
            throw new NotFoundException("no model " + request.model() + "; there is: count");
        }
        String text = request.messages().getLast().text().strip();
        int words = text.isEmpty() ? 0 : text.split("\\s+").length;
        return Completion.of("count", words + (words == 1 ? " word" : " words"), Usage.of(words, 2));
    }
}
