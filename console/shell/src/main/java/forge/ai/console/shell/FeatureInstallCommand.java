package forge.ai.console.shell;

import forge.ai.api.deploy.Deployments;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ai:feature-install}: installs a feature of the distribution. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=feature-install"})
public final class FeatureInstallCommand implements ShellCommand {

    private final Deployments deployments;

    @Activate
    public FeatureInstallCommand(@Reference Deployments deployments) {
        this.deployments = deployments;
    }

    @Override
    public Usage usage() {
        return Usage.of(
                "feature-install", "NAME", "installs a feature of the distribution, or that of a .json file or URL");
    }

    @Override
    public void run(Call call) throws Exception {
        String name = call.words().value("NAME");
        if (!name.endsWith(".json")) {
            call.output().line(Deployed.line(deployments.installFeature(name)));
            return;
        }
        try (Artifact artifact = Artifact.of(name, call.folder())) {
            call.output().line(Deployed.line(deployments.install(artifact.file())));
        }
    }

    @Override
    public List<String> choices(Begun begun) {
        return deployments.features();
    }
}
