package forge.ai.runtime.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.model.ModelListener;
import forge.ai.api.model.ModelState;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Requests that a version computes before it serves. */
class WarmupTest extends RepositoryTest {

    private static final String CONFIG = "{\"warmup\": {\"file\": \"warmup.json\", \"count\": 3}}";

    private static String request(String input) {
        return """
                {"inputs": [{"name": "%s", "datatype": "FP32", "shape": [2], "data": [1, 2]}],
                 "outputs": [{"name": "y"}]}""".formatted(input);
    }

    @Test
    void itIsComputedBeforeTheVersionIsReady() throws Exception {
        writeLongAgo("one/config.json", CONFIG);
        writeLongAgo("one/warmup.json", "[" + request("x") + ", " + request("x") + "]");
        writeLongAgo("one/1/model.number", "1");
        Queue<Integer> runs = new ConcurrentLinkedQueue<>();
        ModelListener count = status -> {
            if (status.state() == ModelState.READY) {
                runs.add(backend.runs.get());
            }
        };
        registry = new FolderModelRegistry(home, Configs.of(Map.of("lookMillis", 86_400_000L)));
        registry.bindListener(count);
        registry.bindBackend(backend, NumberBackend.properties(1));
        awaitState("one", 1, ModelState.READY);
        await(() -> !runs.isEmpty());
        assertThat(runs).containsExactly(6);
    }

    @Test
    void aFailingOneKeepsTheOlderVersionServing() throws Exception {
        writeLongAgo("one/config.json", CONFIG);
        writeLongAgo("one/1/model.number", "1");
        writeLongAgo("one/1/warmup.json", request("x"));
        start(Map.of());
        registry.load("one");
        write("one/2/model.number", "2");
        write("one/2/warmup.json", request("z"));
        looks();
        awaitState("one", 2, ModelState.FAILED);
        assertThat(status("one", 2).reason())
                .contains("warm-up request 1 of warmup.json", "there is no input z", "expected: x");
        assertThat(sum("one", ANY)).isEqualTo(1);
        assertThat(backend.open).hasValue(1);
        write("one/2/warmup.json", request("x"));
        looks();
        awaitState("one", 2, ModelState.READY);
        assertThat(sum("one", ANY)).isEqualTo(2);
    }

    @Test
    void aFileThatIsNotThereOrWrongIsNamedAndTriedAgainWhenItChanges() throws Exception {
        writeLongAgo("one/config.json", CONFIG);
        writeLongAgo("one/1/model.number", "1");
        start(Map.of());
        awaitState("one", 1, ModelState.FAILED);
        assertThat(status("one", 1).reason()).contains("warmup.json lies neither in the folder of the version");
        assertThatThrownBy(() -> registry.load("one")).isInstanceOf(InvalidRequestException.class);
        write("one/warmup.json", "[1]");
        looks();
        await(() -> status("one", 1).reason().contains("must hold one request or a list"));
        write("one/warmup.json", "{");
        looks();
        await(() -> status("one", 1).reason().contains("is not JSON"));
        write("one/warmup.json", request("x"));
        looks();
        awaitState("one", 1, ModelState.READY);
        assertThat(backend.runs).hasValue(3);
    }

    @Test
    void eachInstanceIsWarmedUp() throws Exception {
        writeLongAgo("one/config.json", "{\"warmup\": \"warmup.json\", \"instances\": {\"min\": 2, \"max\": 3}}");
        writeLongAgo("one/warmup.json", request("x"));
        writeLongAgo("one/1/model.number", "1");
        start(Map.of());
        registry.load("one");
        assertThat(backend.runs).hasValue(2);
        registry.scale("one", 1, 3);
        await(() -> status("one", 1).instances() == 3);
        assertThat(backend.runs).hasValue(3);
    }
}
