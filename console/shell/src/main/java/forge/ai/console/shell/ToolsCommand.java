package forge.ai.console.shell;

import forge.ai.api.llm.Tool;
import forge.ai.api.tool.ToolLoop;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ai:tools}: the tools that language models can have run. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=tools"})
public final class ToolsCommand implements ShellCommand {

    private static final Listing<Tool> LISTING = new Listing<>(
            Column.of("tool", Tool::name),
            Column.of("description", Tool::description),
            Column.of("parameters", Tool::parameters));

    private final ToolLoop loop;

    @Activate
    public ToolsCommand(@Reference ToolLoop loop) {
        this.loop = loop;
    }

    @Override
    public Usage usage() {
        return Usage.of("tools", "[--json]", "lists the tools that language models can have run");
    }

    @Override
    public void run(Call call) {
        LISTING.show(call, loop.tools());
    }
}
