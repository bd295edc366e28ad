package forge.ai.runtime.hub;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import forge.ai.api.ForgeException;
import forge.ai.api.llm.PullProgress;
import forge.ai.api.model.HubPull;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.PulledModel;
import forge.ai.runtime.testkit.Configs;
import forge.ai.runtime.testkit.model.LoopbackHub;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A hub on the loopback with a model, and what pulls from it into a folder. */
final class HubLab implements AutoCloseable {

    static final HubPull TINY = HubPull.of("acme/tiny");
    static final String NETWORK = "onnx/model.onnx";
    static final Consumer<PullProgress> NOBODY = progress -> {};

    final LoopbackHub server = new LoopbackHub();
    final byte[] network = bytes(700_000, 1);
    final Path repository;
    final HuggingFaceHub hub;

    HubLab(Path repository) {
        this.repository = repository;
        server.put(NETWORK, network);
        server.put("onnx/model_fp16.onnx", bytes(1000, 2));
        server.put("config.json", "{\"architectures\":[\"BertForSequenceClassification\"]}");
        server.put("tokenizer.json", bytes(3000, 3));
        server.put("model.safetensors", bytes(900, 4));
        server.put("README.md", "# Tiny");
        server.put(".gitattributes", "*.onnx filter=lfs");
        hub = hub(repository, server.url());
    }

    static byte[] bytes(int count, int seed) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** The registry's only part in a pull is to say where its repository is. */
    static HuggingFaceHub hub(Path repository, String url) {
        ModelRegistry registry = (ModelRegistry) Proxy.newProxyInstance(
                HubLab.class.getClassLoader(), new Class<?>[] {ModelRegistry.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("repository")) {
                        return repository;
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
        return new HuggingFaceHub(registry, config(url, Map.of()));
    }

    private static HuggingFaceHub.Config config(String url, Map<String, ?> more) {
        Map<String, Object> values =
                new HashMap<>(Map.of("url", url, "minFreeBytes", 0L, "retries", 2, "idleTimeoutMillis", 30_000L));
        values.putAll(more);
        return Configs.of(HuggingFaceHub.Config.class, values);
    }

    void configure(String key, Object value) {
        hub.modified(config(server.url(), Map.of(key, value)));
    }

    PulledModel pull() {
        return hub.pull(TINY, NOBODY);
    }

    <E extends ForgeException> E refused(HubPull pull, Class<E> type) {
        return catchThrowableOfType(type, () -> hub.pull(pull, NOBODY));
    }

    /** The files below the repository. */
    List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(repository)) {
            return all.filter(Files::isRegularFile)
                    .map(f -> repository.relativize(f).toString())
                    .sorted()
                    .toList();
        }
    }

    @Override
    public void close() {
        hub.close();
        server.close();
    }
}
