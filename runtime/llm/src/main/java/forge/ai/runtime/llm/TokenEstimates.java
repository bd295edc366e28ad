package forge.ai.runtime.llm;

import forge.ai.api.llm.Usage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many tokens calls are likely to take: what is counted in characters, corrected by what the providers said that
 * calls to the same model have taken. Mean and deviation are moving averages, as TCP has them of its round trips
 * (RFC 6298).
 */
final class TokenEstimates {

    /** Callers can name any model: more than so many are not learnt. */
    private static final int MODELS = 1000;

    private static final int CHARACTERS_PER_TOKEN = 4;
    /** About what surrounds the text of a request. */
    private static final int FRAME = 8;

    /** A moving average and how far values stray from it. */
    private static final class Average {
        private double mean;
        private double deviation;
        private boolean known;

        Average(double start) {
            mean = start;
        }

        synchronized void add(double value) {
            deviation = known ? 0.75 * deviation + 0.25 * Math.abs(value - mean) : value / 2;
            mean = known ? 0.875 * mean + 0.125 * value : value;
            known = true;
        }

        synchronized double mean() {
            return mean;
        }

        /** What few values exceed. */
        synchronized double most() {
            return mean + 4 * deviation;
        }

        synchronized boolean known() {
            return known;
        }
    }

    /** Of one model: tokens for each token guessed of input and of output, and tokens of an answer. */
    private record Model(Average input, Average output, Average answer) {
        Model() {
            this(new Average(1), new Average(1), new Average(0));
        }
    }

    private static final Model UNKNOWN = new Model();

    private final ConcurrentHashMap<String, Model> models = new ConcurrentHashMap<>();

    /** The input that is to be reserved. */
    long mostInput(Target target, Demand demand) {
        return (long) Math.ceil(guess(demand) * model(target).input().most());
    }

    /** The input that is booked where the provider says nothing. */
    long input(Target target, Demand demand) {
        return Math.round(guess(demand) * model(target).input().mean());
    }

    /** The output that is to be reserved. */
    long mostOutput(Target target, Demand demand) {
        Average answer = model(target).answer();
        if (demand.outputTokens() == 0 || !answer.known()) {
            return demand.outputTokens();
        }
        long most = (long) Math.ceil(answer.most());
        return demand.limited() ? Math.min(most, demand.outputTokens()) : most;
    }

    /** The output that is booked where so many characters came and the provider says nothing. */
    long output(Target target, long characters) {
        return (long) Math.ceil((double) characters
                / CHARACTERS_PER_TOKEN
                * model(target).output().mean());
    }

    /** Takes note of what a call has really taken. */
    void learn(Target target, Demand demand, Usage usage, long characters) {
        Model model = models.get(target.name());
        if (model == null) {
            if (models.size() >= MODELS) {
                return;
            }
            model = models.computeIfAbsent(target.name(), name -> new Model());
        }
        model.input().add((double) usage.inputTokens() / guess(demand));
        model.answer().add(usage.outputTokens());
        if (characters >= CHARACTERS_PER_TOKEN) {
            model.output().add((double) usage.outputTokens() * CHARACTERS_PER_TOKEN / characters);
        }
    }

    private static long guess(Demand demand) {
        return demand.inputTokens() + FRAME;
    }

    private Model model(Target target) {
        return models.getOrDefault(target.name(), UNKNOWN);
    }
}
