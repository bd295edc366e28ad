package forge.ai.console.shell;

import forge.ai.api.deploy.Deployment;
import forge.ai.api.deploy.DeploymentKind;
import forge.ai.api.deploy.Deployments;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ai:undeploy}: takes out what was deployed. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=undeploy"})
public final class UndeployCommand implements ShellCommand {

    private final Deployments deployments;

    @Activate
    public UndeployCommand(@Reference Deployments deployments) {
        this.deployments = deployments;
    }

    @Override
    public Usage usage() {
        return Usage.of("undeploy", "NAME", "takes a deployed bundle or feature out");
    }

    @Override
    public void run(Call call) {
        String name = call.words().value("NAME");
        deployments.remove(name);
        call.output().line(name + " is taken out");
    }

    @Override
    public List<String> choices(Begun begun) {
        return deployments.list().stream()
                .filter(one -> one.kind() != DeploymentKind.CONFIGURATION)
                .map(Deployment::name)
                .distinct()
                .toList();
    }
}
