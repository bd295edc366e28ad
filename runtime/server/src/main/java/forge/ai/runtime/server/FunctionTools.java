package forge.ai.runtime.server;

import forge.ai.api.llm.Tool;
import java.util.List;
import java.util.Optional;

/** Reads the tools of a request in the form {@code {"type": "function", "function": {...}}}. */
public final class FunctionTools {

    private static final String EMPTY_SCHEMA = "{\"type\":\"object\",\"properties\":{}}";

    private FunctionTools() {}

    /** @param unheld takes note of tools of other types */
    public static List<Tool> read(Fields body, Unheld unheld) {
        return body.has("tools")
                ? body.objects("tools").stream()
                        .flatMap(tool -> tool(tool, unheld).stream())
                        .toList()
                : List.of();
    }

    private static Optional<Tool> tool(Fields tool, Unheld unheld) {
        if (!tool.required("type").equals("function")) {
            unheld.add(tool, "type", "tools of the type function are all that is held");
            return Optional.empty();
        }
        Fields function = tool.object("function");
        String parameters = function.has("parameters")
                ? function.object("parameters").node().toString()
                : EMPTY_SCHEMA;
        return Optional.of(new Tool(
                function.required("name"), function.text("description").orElse(""), parameters, function.is("strict")));
    }
}
