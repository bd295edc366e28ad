package forge.ai.api.deploy;

/** What was deployed. */
public enum DeploymentKind {
    /** A jar. */
    BUNDLE,
    /** A JSON document of the OSGi Feature Service: bundles and their configurations. */
    FEATURE,
    /** A {@code .cfg.json} file. */
    CONFIGURATION
}
