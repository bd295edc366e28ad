package forge.ai.runtime.monitoring;

import forge.ai.api.deploy.Deployment;
import forge.ai.api.deploy.Deployments;
import forge.ai.api.monitoring.Counter;
import forge.ai.api.monitoring.Metric.Kind;
import forge.ai.api.monitoring.Telemetry;
import forge.ai.api.monitoring.Telemetry.Observation;
import forge.ai.api.monitoring.Telemetry.Observer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Bundles, features and configurations, and their changes. */
@Component(service = ConfigurationListener.class, immediate = true)
public final class DeploymentMetrics implements ConfigurationListener {

    private final BundleContext context;
    private final BundleListener listener = this::changed;
    private final Counter bundles;
    private final Counter configurations;
    private final List<Observation> observed;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable Deployments deployments;

    @Activate
    public DeploymentMetrics(BundleContext context, @Reference Telemetry to) {
        this.context = context;
        bundles =
                to.counter("forge.bundle.changes", "{change}", "Bundles installed, started, updated, stopped, removed");
        configurations = to.counter("forge.configuration.changes", "{change}", "Configurations changed and deleted");
        observed = List.of(
                to.observe(Kind.UP_DOWN_COUNTER, "forge.bundles", "{bundle}", "Bundles by state", this::bundles),
                to.observe(
                        Kind.UP_DOWN_COUNTER,
                        "forge.deployments",
                        "{deployment}",
                        "What was deployed, by kind and state",
                        this::deployments));
        context.addBundleListener(listener);
    }

    @Deactivate
    void deactivate() {
        context.removeBundleListener(listener);
        observed.forEach(Observation::close);
    }

    private void changed(BundleEvent event) {
        String change = switch (event.getType()) {
            case BundleEvent.INSTALLED -> "installed";
            case BundleEvent.STARTED -> "started";
            case BundleEvent.UPDATED -> "updated";
            case BundleEvent.STOPPED -> "stopped";
            case BundleEvent.UNINSTALLED -> "uninstalled";
            default -> "";
        };
        if (!change.isEmpty()) {
            String name = event.getBundle().getSymbolicName();
            bundles.with("forge.bundle.name", name == null ? "" : name, "forge.change", change)
                    .add(1);
        }
    }

    @Override
    public void configurationEvent(ConfigurationEvent event) {
        String change = switch (event.getType()) {
            case ConfigurationEvent.CM_UPDATED -> "updated";
            case ConfigurationEvent.CM_DELETED -> "deleted";
            default -> "";
        };
        if (!change.isEmpty()) {
            configurations
                    .with("forge.configuration.pid", event.getPid(), "forge.change", change)
                    .add(1);
        }
    }

    private void bundles(Observer now) {
        Map<String, Integer> count = new HashMap<>();
        for (Bundle bundle : context.getBundles()) {
            count.merge(state(bundle), 1, Integer::sum);
        }
        count.forEach((state, number) -> now.is(number, "forge.bundle.state", state));
    }

    private static String state(Bundle bundle) {
        return switch (bundle.getState()) {
            case Bundle.INSTALLED -> "installed";
            case Bundle.RESOLVED -> "resolved";
            case Bundle.STARTING -> "starting";
            case Bundle.STOPPING -> "stopping";
            case Bundle.ACTIVE -> "active";
            default -> "uninstalled";
        };
    }

    private void deployments(Observer now) {
        Deployments there = deployments;
        if (there == null) {
            return;
        }
        Map<List<String>, Integer> count = new HashMap<>();
        for (Deployment one : there.list()) {
            count.merge(List.of(one.kind().name(), one.state().name()), 1, Integer::sum);
        }
        count.forEach((what, number) -> now.is(
                number,
                "forge.deployment.kind",
                what.get(0).toLowerCase(Locale.ROOT),
                "forge.deployment.state",
                what.get(1).toLowerCase(Locale.ROOT)));
    }
}
