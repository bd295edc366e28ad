package forge.ai.console.shell;

import forge.ai.api.deploy.Deployments;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ai:feature-list}: the features that are installed and those that could be. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=feature-list"})
public final class FeatureListCommand implements ShellCommand {

    private static final Listing<FeatureState> LISTING = new Listing<>(
            Column.of("feature", FeatureState::name),
            Column.of("version", FeatureState::version),
            Column.of("state", FeatureState::state),
            Column.of("reason", FeatureState::reason));

    private final Deployments deployments;

    @Activate
    public FeatureListCommand(@Reference Deployments deployments) {
        this.deployments = deployments;
    }

    @Override
    public Usage usage() {
        return Usage.of(
                "feature-list", "[--json]", "lists the features that are installed and those of the distribution");
    }

    @Override
    public void run(Call call) {
        List<FeatureState> features = FeatureState.all(deployments.features(), deployments.list());
        LISTING.show(call, features);
    }
}
