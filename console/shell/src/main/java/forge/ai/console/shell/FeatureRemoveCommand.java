package forge.ai.console.shell;

import forge.ai.api.deploy.Deployment;
import forge.ai.api.deploy.DeploymentKind;
import forge.ai.api.deploy.Deployments;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ai:feature-remove}: takes a feature out. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=feature-remove"})
public final class FeatureRemoveCommand implements ShellCommand {

    private final Deployments deployments;

    @Activate
    public FeatureRemoveCommand(@Reference Deployments deployments) {
        this.deployments = deployments;
    }

    @Override
    public Usage usage() {
        return Usage.of("feature-remove", "NAME", "takes an installed feature out, with what only it brought");
    }

    @Override
    public void run(Call call) {
        String name = FeatureState.deployed(call.words().value("NAME"), deployments.list());
        deployments.remove(name);
        call.output().line(name + " is taken out");
    }

    @Override
    public List<String> choices(Begun begun) {
        return deployments.list().stream()
                .filter(one -> one.kind() == DeploymentKind.FEATURE)
                .map(Deployment::name)
                .distinct()
                .toList();
    }
}
