package forge.ai.console.channel;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.felix.service.command.CommandProcessor;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Opens the console socket of the home folder while there is a command processor. */
@Component(service = {})
public final class ChannelComponent {

    private final ConsoleServer server;

    @Activate
    public ChannelComponent(BundleContext context, @Reference CommandProcessor processor) throws IOException {
        String home = context.getProperty("forge.home");
        if (home == null) {
            throw new IllegalStateException("the framework property forge.home has to name the home folder");
        }
        this.server = new ConsoleServer(Path.of(home).resolve("data"), processor);
    }

    @Deactivate
    void close() throws IOException {
        server.close();
    }
}
