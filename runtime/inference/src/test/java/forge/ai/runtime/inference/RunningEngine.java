package forge.ai.runtime.inference;

import forge.ai.api.Cancellation;
import forge.ai.api.inference.InferenceService;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.VersionSelector;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.testkit.OsgiFramework;
import forge.ai.runtime.testkit.model.ModelFixtures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.service.cm.ConfigurationAdmin;

/** The engine, the registry and a backend as bundles in a framework; once in a process, for the native library is. */
final class RunningEngine implements AutoCloseable {

    private static final List<String> BUNDLES = List.of(
            "org.osgi.util.function",
            "org.osgi.util.promise",
            "org.osgi.service.component",
            "org.apache.felix.configadmin",
            "org.apache.felix.scr",
            "com.fasterxml.jackson.core.jackson-core",
            "com.fasterxml.jackson.core.jackson-annotations",
            "com.fasterxml.jackson.core.jackson-databind",
            "forge.ai.lib.onnxruntime");

    final Path folder;
    final OsgiFramework framework;
    private Bundle onnx;
    final InferenceService engine;
    final ModelRegistry registry;

    RunningEngine(Path folder) throws Exception {
        this.folder = folder;
        Files.createDirectories(repository());
        System.setProperty("forge.home", folder.toString());
        framework = OsgiFramework.start(
                folder.resolve("felix"),
                "forge.ai.api;version=0.1.0",
                "forge.ai.api.llm;version=0.1.0",
                "forge.ai.api.monitoring;version=0.1.0",
                "forge.ai.api.model;version=0.1.0",
                "forge.ai.api.inference;version=0.1.0",
                "forge.ai.api.tensor;version=0.1.0",
                "org.osgi.service.cm;version=1.6.1");
        for (String bundle : BUNDLES) {
            framework.start(bundle);
        }
        configure("forge.ai.models", Map.of("repository", repository().toString()));
        onnx = framework.start("forge.ai.backend.onnx");
        framework.start("forge.ai.runtime.models");
        framework.start("forge.ai.runtime.inference");
        engine = framework.await(InferenceService.class, "", Duration.ofSeconds(10));
        registry = framework.await(ModelRegistry.class, "", Duration.ofSeconds(10));
    }

    /** The bundle of the backend once more, in another version, beside the one that serves; which then goes. */
    void replaceBackend(String version) throws Exception {
        Bundle next = framework.startBeside("forge.ai.backend.onnx", version);
        onnx.stop();
        onnx.uninstall();
        onnx = next;
    }

    /** Changes a configuration. */
    void configure(String pid, Map<String, ?> values) throws Exception {
        ConfigurationAdmin admin =
                framework.context().getService(framework.context().getServiceReference(ConfigurationAdmin.class));
        admin.getConfiguration(pid, "?").update(new Hashtable<>(values));
    }

    Path repository() {
        return folder.resolve("models");
    }

    /** Puts a file into the repository; under another name first, so that what the registry sees is complete. */
    void put(String model, String file, int version) throws Exception {
        put(model, ModelFixtures.folder("onnx").resolve(file), version);
    }

    void configured(String model, String config) throws Exception {
        Path place = Files.createDirectories(repository().resolve(model));
        Files.writeString(place.resolve("config.json"), config);
    }

    void put(String model, Path file, int version) throws Exception {
        Path place = Files.createDirectories(repository().resolve(model));
        Path making = Files.createDirectories(folder.resolve("making"));
        Files.copy(file, making.resolve("model.onnx"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(making, place.resolve(Integer.toString(version)));
    }

    /** Puts the folder of a model into the repository, whole. */
    void put(String model, Map<String, byte[]> files) throws Exception {
        Path making = folder.resolve("making-" + model);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = making.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
        Files.move(making, repository().resolve(model));
    }

    /** What the model gives without the engine. */
    Map<String, Tensor> raw(String model, Map<String, Tensor> inputs) {
        try (ModelLease lease = registry.acquire(model, VersionSelector.DEFAULT)) {
            return lease.model().run(inputs, Set.of(), new Cancellation());
        }
    }

    @Override
    public void close() throws Exception {
        framework.close();
    }
}
