package forge.ai.api.deploy;

/** Where a deployment stands. */
public enum DeploymentState {
    /** In force. */
    ACTIVE,
    /** Well, but out of force: another version of the same thing is preferred, and the reason names it. */
    SUPERSEDED,
    /** Accepted, but what it replaces can only be replaced while the runtime starts. */
    AT_RESTART,
    /** Refused or broken; what was in force before still is. The reason says what to mend. */
    FAILED
}
