package forge.ai.runtime.llm;

import java.util.OptionalInt;

/**
 * A place that calls can go to: a model of a provider.
 *
 * @param provider the provider's name
 * @param model the model's name at that provider
 * @param weight its share of the calls of a weighted route, 0 or more
 * @param vision whether requests with pictures may go there
 * @param tools whether requests with tools may go there
 * @param contextTokens the most tokens that a request there may have, where said
 */
record Target(String provider, String model, int weight, boolean vision, boolean tools, OptionalInt contextTokens) {

    private static final String FORM = "provider/model[;weight=N][;vision=false][;tools=false][;context=N]";

    /** The target that {@code provider/model} addresses. */
    static Target of(String provider, String model) {
        return new Target(provider, model, 1, true, true, OptionalInt.empty());
    }

    /** @throws IllegalArgumentException if the text has another form than {@code provider/model[;weight=N]...} */
    static Target parse(String text) {
        String[] parts = text.strip().split("\\s*;\\s*");
        int slash = parts[0].indexOf('/');
        if (slash < 1 || slash == parts[0].length() - 1) {
            throw new IllegalArgumentException("'" + text + "': allowed is " + FORM);
        }
        Target target = of(parts[0].substring(0, slash), parts[0].substring(slash + 1));
        for (int i = 1; i < parts.length; i++) {
            String[] option = parts[i].split("\\s*=\\s*", 2);
            target = target.with(option[0], option.length == 2 ? option[1] : "", text);
        }
        return target;
    }

    private Target with(String option, String value, String text) {
        return switch (option) {
            case "weight" -> new Target(provider, model, number(value, text), vision, tools, contextTokens);
            case "vision" -> new Target(provider, model, weight, flag(value, text), tools, contextTokens);
            case "tools" -> new Target(provider, model, weight, vision, flag(value, text), contextTokens);
            case "context" -> new Target(provider, model, weight, vision, tools, OptionalInt.of(number(value, text)));
            default -> throw new IllegalArgumentException("'" + text + "': allowed is " + FORM);
        };
    }

    private static int number(String value, String text) {
        if (!value.matches("\\d{1,9}")) {
            throw new IllegalArgumentException("'" + text + "': '" + value + "' is not a number of 0 or more");
        }
        return Integer.parseInt(value);
    }

    private static boolean flag(String value, String text) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("'" + text + "': '" + value + "' is not true or false");
        };
    }

    /** {@code provider/model}. */
    String name() {
        return provider + "/" + model;
    }

    /** Whether a request of this kind may go there. */
    boolean fits(Demand demand) {
        return (vision || !demand.vision()) && (tools || !demand.tools()) && holds(demand);
    }

    boolean holds(Demand demand) {
        return contextTokens.isEmpty() || demand.windowTokens() <= contextTokens.getAsInt();
    }
}
