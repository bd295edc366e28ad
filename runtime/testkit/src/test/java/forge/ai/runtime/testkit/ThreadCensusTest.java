package forge.ai.runtime.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ThreadCensusTest {

    @Test
    void findsThreadsThatAreLeftBehindUntilTheyEnd() throws Exception {
        List<Thread.Builder> kinds = List.of(
                Thread.ofVirtual().name("left-behind"), Thread.ofPlatform().name("left-behind"));
        for (Thread.Builder kind : kinds) {
            ThreadCensus before = ThreadCensus.now();
            CountDownLatch end = new CountDownLatch(1);
            Thread thread = kind.start(() -> awaitUninterrupted(end));

            assertThatThrownBy(() -> before.awaitNoOthers(Duration.ofMillis(100)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("left-behind");
            end.countDown();
            thread.join();
            before.awaitNoOthers(Duration.ofSeconds(10));
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
