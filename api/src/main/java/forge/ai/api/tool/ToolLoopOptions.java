package forge.ai.api.tool;

import forge.ai.api.llm.Caller;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * How a {@link ToolLoop} runs.
 *
 * @param caller in whose name the model is called
 * @param tools the names of the tools that the model may have run, {@code *} in a name standing for any characters
 * @param maxSteps the most calls of the model, 1 to 1000
 * @param callTimeout the longest that one call of a tool may take
 * @param parallel how many calls of tools may run at the same time, 1 to 100
 */
public record ToolLoopOptions(Caller caller, List<String> tools, int maxSteps, Duration callTimeout, int parallel) {

    /** All tools, 10 steps, 30 seconds for each call, 8 at a time. */
    public static final ToolLoopOptions DEFAULT =
            new ToolLoopOptions(Caller.ANONYMOUS, List.of("*"), 10, Duration.ofSeconds(30), 8);

    private static final int MOST_STEPS = 1000;
    private static final int MOST_PARALLEL = 100;

    public ToolLoopOptions {
        Objects.requireNonNull(caller, "caller");
        tools = List.copyOf(tools);
        Objects.requireNonNull(callTimeout, "callTimeout");
        if (maxSteps < 1 || maxSteps > MOST_STEPS) {
            throw new IllegalArgumentException("maxSteps = " + maxSteps + ": allowed is 1 to " + MOST_STEPS);
        }
        if (parallel < 1 || parallel > MOST_PARALLEL) {
            throw new IllegalArgumentException("parallel = " + parallel + ": allowed is 1 to " + MOST_PARALLEL);
        }
        if (!callTimeout.isPositive()) {
            throw new IllegalArgumentException("callTimeout = " + callTimeout + ": allowed is more than zero");
        }
    }

    public ToolLoopOptions withCaller(Caller value) {
        return new ToolLoopOptions(value, tools, maxSteps, callTimeout, parallel);
    }

    public ToolLoopOptions withTools(String... names) {
        return new ToolLoopOptions(caller, List.of(names), maxSteps, callTimeout, parallel);
    }

    public ToolLoopOptions withMaxSteps(int value) {
        return new ToolLoopOptions(caller, tools, value, callTimeout, parallel);
    }

    public ToolLoopOptions withCallTimeout(Duration value) {
        return new ToolLoopOptions(caller, tools, maxSteps, value, parallel);
    }

    public ToolLoopOptions withParallel(int value) {
        return new ToolLoopOptions(caller, tools, maxSteps, callTimeout, value);
    }
}
