package forge.ai.api.vector;

/** How near two vectors are. */
public enum Metric {
    /** The cosine of the angle between them, -1 to 1; more is nearer. The zero vector has no angle and is refused. */
    COSINE,

    /** Their dot product; more is nearer. */
    DOT,

    /** Their Euclidean distance, 0 or more; less is nearer. */
    EUCLIDEAN;

    /** Whether a greater score is nearer. */
    public boolean moreIsNearer() {
        return this != EUCLIDEAN;
    }
}
