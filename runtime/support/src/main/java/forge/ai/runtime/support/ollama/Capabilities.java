package forge.ai.runtime.support.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.LlmModel.Capability;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Ollama's {@code capabilities} of a model. Its {@code completion} means chats and plain completions alike. */
public final class Capabilities {

    private Capabilities() {}

    /** What the words of a list mean; those without a meaning here are left out. */
    public static Set<Capability> read(JsonNode words) {
        Set<Capability> all = EnumSet.noneOf(Capability.class);
        for (JsonNode word : words) {
            switch (word.asText()) {
                case "completion" -> all.addAll(List.of(Capability.CHAT, Capability.COMPLETION));
                case "embedding" -> all.add(Capability.EMBEDDING);
                case "tools" -> all.add(Capability.TOOLS);
                case "vision" -> all.add(Capability.VISION);
                case "thinking" -> all.add(Capability.REASONING);
                default -> {
                    // Such as insert and image.
                }
            }
        }
        return all;
    }

    /** The words for them, in order. */
    public static List<String> write(Set<Capability> capabilities) {
        List<String> words = new ArrayList<>();
        if (capabilities.contains(Capability.CHAT) || capabilities.contains(Capability.COMPLETION)) {
            words.add("completion");
        }
        for (Capability capability : EnumSet.allOf(Capability.class)) {
            if (capabilities.contains(capability)) {
                switch (capability) {
                    case EMBEDDING -> words.add("embedding");
                    case TOOLS -> words.add("tools");
                    case VISION -> words.add("vision");
                    case REASONING -> words.add("thinking");
                    case CHAT, COMPLETION -> {
                        // One word for both.
                    }
                }
            }
        }
        return words;
    }
}
