package forge.ai.provider.anthropic;

/** The versions of the interface. */
enum ApiVersion {
    V2023_06_01("2023-06-01"),
    /** Refuses {@code temperature}, {@code top_p} and {@code top_k}, whatever their values. */
    V2026_10_21("2026-10-21");

    private final String header;

    ApiVersion(String header) {
        this.header = header;
    }

    /** As it is sent in {@code anthropic-version}. */
    String header() {
        return header;
    }

    /** Whether requests may say how tokens are drawn. */
    boolean takesSampling() {
        return this == V2023_06_01;
    }

    ApiVersion other() {
        return this == V2023_06_01 ? V2026_10_21 : V2023_06_01;
    }
}
