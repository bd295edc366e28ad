package forge.ai.console.shell;

import forge.ai.api.deploy.Deployment;
import forge.ai.api.deploy.DeploymentKind;
import java.util.ArrayList;
import java.util.List;

/**
 * A feature, installed or not.
 *
 * @param name {@code group:artifact} of an installed one, the bare name of one that could be
 * @param version empty where it is not installed
 * @param state {@code AVAILABLE}, or that of the deployment
 * @param reason why, or empty
 */
record FeatureState(String name, String version, String state, String reason) {

    /** Those deployed, then those of the distribution that are not. */
    static List<FeatureState> all(List<String> offered, List<Deployment> deployments) {
        List<FeatureState> features = new ArrayList<>();
        List<Deployment> deployed = deployments.stream()
                .filter(deployment -> deployment.kind() == DeploymentKind.FEATURE)
                .toList();
        deployed.forEach(one -> features.add(
                new FeatureState(one.name(), one.version(), one.state().name(), one.reason())));
        offered.stream()
                .filter(name -> deployed.stream().noneMatch(one -> named(one, name)))
                .forEach(name -> features.add(new FeatureState(name, "", "AVAILABLE", "")));
        return features;
    }

    /** The full name of the deployed feature that people call by this one; the same where there is none. */
    static String deployed(String name, List<Deployment> deployments) {
        return deployments.stream()
                .filter(one -> one.kind() == DeploymentKind.FEATURE && named(one, name))
                .map(Deployment::name)
                .findFirst()
                .orElse(name);
    }

    private static boolean named(Deployment deployment, String name) {
        return deployment.name().equals(name) || deployment.name().endsWith(":" + name);
    }
}
