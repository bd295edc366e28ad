package forge.ai.runtime.server;

import forge.ai.api.model.ModelBackend;
import forge.ai.api.model.ModelRegistry;
import forge.ai.runtime.testkit.model.ModelFixtures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.osgi.service.cm.ConfigurationAdmin;

/** A running server with engine, registry and a repository; with models of ONNX once in a process. */
record ModelServer(RunningServer server, ModelRegistry registry) implements AutoCloseable {

    private static final List<String> ONNX = List.of("forge.ai.lib.onnxruntime", "forge.ai.backend.onnx");
    private static final List<String> BUNDLES =
            List.of("forge.ai.runtime.models", "forge.ai.runtime.steps", "forge.ai.runtime.inference");

    /** @param files of the fixtures, by the name of the model; if there are none, there is no backend either */
    static ModelServer start(Path folder, Map<String, String> files) throws Exception {
        Path models = Files.createDirectories(folder.resolve("models"));
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path version = Files.createDirectories(models.resolve(file.getKey()).resolve("1"));
            Files.copy(ModelFixtures.folder("onnx").resolve(file.getValue()), version.resolve("model.onnx"));
        }
        System.setProperty("forge.home", folder.toString());
        RunningServer server = new RunningServer(folder.resolve("felix"));
        var admin = server.context().getServiceReference(ConfigurationAdmin.class);
        server.context()
                .getService(admin)
                .getConfiguration("forge.ai.models", "?")
                .update(new Hashtable<>(Map.of("repository", models.toString())));
        if (!files.isEmpty()) {
            for (String bundle : ONNX) {
                server.framework().start(bundle);
            }
        }
        for (String bundle : BUNDLES) {
            server.framework().start(bundle);
        }
        ModelRegistry registry = server.framework().await(ModelRegistry.class, "", Duration.ofSeconds(10));
        for (Map.Entry<String, String> file : files.entrySet()) {
            if (!file.getValue().startsWith("neg_")) {
                registry.load(file.getKey());
            }
        }
        return new ModelServer(server, registry);
    }

    /** Adds a backend of the test's own. */
    void backend(String name, String file, ModelBackend backend) {
        server.context()
                .registerService(
                        ModelBackend.class,
                        backend,
                        new Hashtable<>(Map.of(ModelBackend.NAME, name, ModelBackend.FILES, file)));
    }

    /** Puts one more model into the repository: its settings and the file of its version 1. */
    void put(Path folder, String model, String config, byte[] file) throws Exception {
        Path place = Files.createDirectories(folder.resolve("making-" + model));
        Files.writeString(place.resolve("config.json"), config);
        Files.write(Files.createDirectories(place.resolve("1")).resolve("model.onnx"), file);
        Files.move(place, folder.resolve("models").resolve(model));
        registry.load(model);
    }

    @Override
    public void close() throws Exception {
        server.close();
    }
}
