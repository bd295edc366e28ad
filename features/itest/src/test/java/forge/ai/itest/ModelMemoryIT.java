package forge.ai.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Takes minutes: only in the profile {@code swap-full}. */
class ModelMemoryIT {

    private static final int TIMES = 200;

    @TempDir
    Path home;

    @Test
    void loadingAndUnloadingLeavesTheMemoryAsItWas() throws IOException {
        assumeTrue(Integer.getInteger("forge.swaps") >= TIMES, "only in the profile swap-full");
        try (ForgeProcess forge = ForgeProcess.start(home)) {
            ModelMemory memory = new ModelMemory(forge);
            memory.addForest();
            long before = memory.settled(TIMES / 4);
            assertThat((double) memory.settled(TIMES) / before).isBetween(0.9, 1.1);
        }
    }
}
