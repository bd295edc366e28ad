package forge.ai.runtime.server.anthropic;

import forge.ai.api.llm.Tool;
import forge.ai.api.llm.ToolChoice;
import forge.ai.runtime.server.Fields;
import java.util.List;
import java.util.Set;

/** Reads the tools and whether one has to be used. */
final class ToolReader {

    /** What {@link Tool} has a place for. */
    static final Set<String> HELD = Set.of("type", "name", "description", "input_schema", "strict");

    private ToolReader() {}

    /** Those whose arguments have a schema; what the vendor knows by its type alone is not among them. */
    static List<Tool> read(Fields body) {
        return all(body).stream()
                .filter(ToolReader::common)
                .map(ToolReader::tool)
                .toList();
    }

    static List<Fields> all(Fields body) {
        return body.has("tools") ? body.objects("tools") : List.of();
    }

    static boolean common(Fields tool) {
        return tool.text("type").orElse("custom").equals("custom");
    }

    private static Tool tool(Fields tool) {
        return new Tool(
                tool.required("name"),
                tool.text("description").orElse(""),
                tool.object("input_schema").node().toString(),
                tool.is("strict"));
    }

    static ToolChoice choice(Fields body) {
        if (!body.has("tool_choice")) {
            return ToolChoice.AUTO;
        }
        Fields choice = body.object("tool_choice");
        return switch (choice.required("type")) {
            case "auto" -> ToolChoice.AUTO;
            case "none" -> ToolChoice.NONE;
            case "any" -> ToolChoice.REQUIRED;
            case "tool" -> new ToolChoice.Named(choice.required("name"));
            default -> throw choice.wrong("type", "auto, any, tool or none");
        };
    }
}
