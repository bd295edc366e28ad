package forge.ai.console.shell;

import forge.ai.api.deploy.Deployment;

/** What became of a deployment, in one line. */
final class Deployed {

    private Deployed() {}

    static String line(Deployment deployment) {
        String name =
                deployment.version().isEmpty() ? deployment.name() : deployment.name() + " " + deployment.version();
        String state = switch (deployment.state()) {
            case ACTIVE -> "is in force";
            case SUPERSEDED -> "is out of force";
            case AT_RESTART -> "takes effect at the next start";
            case FAILED -> "has failed";
        };
        return name + " " + state + (deployment.reason().isEmpty() ? "" : ": " + deployment.reason());
    }
}
