package forge.ai.console.shell;

import forge.ai.api.deploy.Deployment;
import forge.ai.api.deploy.Deployments;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ai:deployments}: what was deployed, and what became of it. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=deployments"})
public final class DeploymentsCommand implements ShellCommand {

    private static final Listing<Deployment> LISTING = new Listing<>(
            Column.of("kind", Deployment::kind),
            Column.of("name", Deployment::name),
            Column.of("version", Deployment::version),
            Column.of("state", Deployment::state),
            Column.of("since", Deployment::since),
            Column.of("reason", Deployment::reason));

    private final Deployments deployments;

    @Activate
    public DeploymentsCommand(@Reference Deployments deployments) {
        this.deployments = deployments;
    }

    @Override
    public Usage usage() {
        return Usage.of("deployments", "[--json]", "lists bundles, features and configurations that were deployed");
    }

    @Override
    public void run(Call call) {
        LISTING.show(call, deployments.list());
    }
}
