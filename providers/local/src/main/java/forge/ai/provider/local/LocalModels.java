package forge.ai.provider.local;

import forge.ai.api.ForgeException;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmModel.Capability;
import forge.ai.api.model.ModelState;
import forge.ai.api.model.ModelStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The models of the repository that can be asked for as language models. */
final class LocalModels {

    private LocalModels() {}

    /** One for each name with a version that is ready; the highest such version describes it. */
    static List<LlmModel> of(List<ModelStatus> versions) {
        Map<String, LlmModel> models = new LinkedHashMap<>();
        for (ModelStatus status : versions) {
            if (status.state() == ModelState.READY) {
                model(status).ifPresent(model -> models.put(status.name(), model));
            }
        }
        return List.copyOf(models.values());
    }

    private static Capability[] generation(ChatTemplates chat) {
        List<Capability> capabilities = new ArrayList<>(List.of(Capability.CHAT, Capability.COMPLETION));
        if (chat.takesTools()) {
            capabilities.add(Capability.TOOLS);
        }
        if (AnswerForm.Kind.of(chat.source(false), Set.of()).thoughts()) {
            capabilities.add(Capability.REASONING);
        }
        return capabilities.toArray(Capability[]::new);
    }

    private static Optional<LlmModel> model(ModelStatus status) {
        try {
            return HubFiles.read(status.folder())
                    .map(files -> LlmModel.of(status.name())
                            .withOwner("local")
                            .withCreated(status.since())
                            .withContextTokens(files.contextTokens())
                            .withCapabilities(
                                    switch (files.task()) {
                                        case GENERATION -> generation(files.chat());
                                        case EMBEDDING -> new Capability[] {Capability.EMBEDDING};
                                    }));
        } catch (ForgeException e) {
            // Its files cannot be read as such a model; a call that names it gets to know why.
            return Optional.empty();
        }
    }
}
