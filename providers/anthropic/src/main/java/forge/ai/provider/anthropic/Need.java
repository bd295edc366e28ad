package forge.ai.provider.anthropic;

/**
 * What a request needs of the upstream.
 *
 * @param model that is asked, or empty
 * @param sampling whether it says how tokens are drawn
 * @param former whether it may have something else that only the former version of the interface takes: documents in
 *     what the assistant said, sources in what the user said
 */
record Need(String model, boolean sampling, boolean former) {

    /** What is sure to be taken. */
    static final Need NOTHING = new Need("", false, false);

    /** What it needs where how tokens are drawn is not sent. */
    Need withoutSampling() {
        return new Need(model, false, former);
    }

    /** Whether content in the words of the interface may be of that kind; rather too often than too seldom. */
    static boolean former(String json) {
        return json.contains("\"document\"") || json.contains("\"citations\"");
    }
}
