package forge.ai.provider.local;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import forge.ai.provider.local.jinja.Template;
import forge.ai.provider.local.jinja.TemplateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** In what form a model wants its conversations: the templates that its files bring, and its special tokens by name. */
final class ChatTemplates {

    private static final String DEFAULT = "default";
    private static final String TOOLS = "tool_use";

    private final Map<String, String> sources;
    private final Map<String, String> tokens;
    /** Read when they are wanted first. */
    private final Map<String, Template> templates = new ConcurrentHashMap<>();

    private ChatTemplates(Map<String, String> sources, Map<String, String> tokens) {
        this.sources = sources;
        this.tokens = tokens;
    }

    /**
     * Those of a folder.
     *
     * @param tokenizer {@code tokenizer_config.json}; a template in a file of its own counts more than those in it
     */
    static ChatTemplates of(JsonNode tokenizer, Path folder) {
        Map<String, String> sources = new HashMap<>();
        JsonNode templates = tokenizer.path("chat_template");
        if (templates.isTextual()) {
            sources.put(DEFAULT, templates.textValue());
        }
        templates.forEach(one ->
                sources.put(one.path("name").asText(), one.path("template").asText()));
        Path file = folder.resolve("chat_template.jinja");
        if (Files.exists(file)) {
            try {
                sources.put(DEFAULT, Files.readString(file));
            } catch (IOException e) {
                throw new InvalidRequestException("cannot read " + file + " as text");
            }
        }
        Map<String, String> tokens = new LinkedHashMap<>();
        tokenizer.properties().forEach(field -> {
            JsonNode value = field.getValue();
            String text =
                    value.path("content").isTextual() ? value.path("content").textValue() : value.textValue();
            if (field.getKey().endsWith("_token") && text != null) {
                tokens.put(field.getKey(), text);
            }
        });
        return new ChatTemplates(sources, tokens);
    }

    boolean isEmpty() {
        return sources.isEmpty();
    }

    boolean takesTools() {
        return source(true).contains("tools");
    }

    /** The token that ends what is said, as the tokenizer has it; empty if it says none. */
    String endToken() {
        return tokens.getOrDefault("eos_token", "");
    }

    /** What the template for such a conversation says, for what the model writes follows it; empty if there is none. */
    String source(boolean tools) {
        return sources.getOrDefault(name(tools), "");
    }

    /**
     * The text that the model continues.
     *
     * @param values what the template is given besides the special tokens
     */
    String render(boolean tools, Map<String, ?> values) {
        Template template;
        try {
            template = templates.computeIfAbsent(name(tools), name -> Template.parse(source(tools)));
        } catch (TemplateException e) {
            throw new UnsupportedException("the model's template for conversations cannot be read: " + e.getMessage()
                    + "; plain completions work");
        }
        Map<String, Object> all = new HashMap<>(tokens);
        all.putAll(values);
        try {
            return template.render(all, Clock.systemDefaultZone());
        } catch (TemplateException e) {
            throw new InvalidRequestException(
                    "the model's template for conversations refuses this one: " + e.getMessage());
        }
    }

    private String name(boolean tools) {
        return tools && sources.containsKey(TOOLS) ? TOOLS : DEFAULT;
    }
}
