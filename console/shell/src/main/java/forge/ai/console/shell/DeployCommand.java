package forge.ai.console.shell;

import forge.ai.api.deploy.Deployments;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ai:deploy}: deploys a bundle or a feature. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=deploy"})
public final class DeployCommand implements ShellCommand {

    private final Deployments deployments;

    @Activate
    public DeployCommand(@Reference Deployments deployments) {
        this.deployments = deployments;
    }

    @Override
    public Usage usage() {
        return Usage.of(
                "deploy", "JAR|URL", "deploys a bundle (.jar) or a feature (.json) and waits until it is in force");
    }

    @Override
    public void run(Call call) throws Exception {
        try (Artifact artifact = Artifact.of(call.words().value("JAR|URL"), call.folder())) {
            call.output().line(Deployed.line(deployments.install(artifact.file())));
        }
    }

    @Override
    public List<String> choices(Begun begun) {
        return PathChoices.beginning(begun, List.of(".jar", ".json"));
    }
}
