package forge.ai.runtime.models;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The registry's configuration, checked.
 *
 * @param repository the folder of models
 * @param explicit whether models are loaded by call only
 * @param memoryBudget about how many bytes loaded versions may take together; 0 for no limit
 * @param parallelLoads how many models are loaded at the same time
 * @param loadLimit the longest that loading a model may take
 * @param look the time between two looks at the repository
 */
record Settings(
        Path repository, boolean explicit, long memoryBudget, int parallelLoads, Duration loadLimit, Duration look) {}
