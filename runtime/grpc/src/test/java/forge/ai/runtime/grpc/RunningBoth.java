package forge.ai.runtime.grpc;

import forge.ai.api.model.ModelBackend;
import forge.ai.api.model.ModelRegistry;
import forge.ai.runtime.support.serving.Address;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;

/**
 * Both servers with engine, registry, the ONNX backend and models in a repository; once at a time in a process.
 *
 * @param server over gRPC
 * @param rest a client over REST
 * @param registry of the models
 * @param onnx the backend's bundle
 */
record RunningBoth(RunningGrpc server, RestBytes rest, ModelRegistry registry, Bundle onnx) implements AutoCloseable {

    private static final List<String> REST = List.of(
            "org.apache.commons.commons-io",
            "org.apache.felix.http.servlet-api",
            "org.apache.commons.commons-fileupload",
            "org.apache.felix.http.jetty12",
            "forge.ai.runtime.server");

    /**
     * Starts them; nothing is loaded for certain yet.
     *
     * @param files of version 1 of each model: {@code MODEL/FILE} and its content
     */
    static RunningBoth start(Path folder, Map<String, byte[]> files) throws Exception {
        Path models = Files.createDirectories(folder.resolve("models"));
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            int slash = file.getKey().indexOf('/');
            Path version = Files.createDirectories(
                    models.resolve(file.getKey().substring(0, slash)).resolve("1"));
            Files.write(version.resolve(file.getKey().substring(slash + 1)), file.getValue());
        }
        System.setProperty("forge.home", folder.toString());
        System.setProperty("org.apache.felix.http.require.config", "true");
        RunningGrpc server =
                new RunningGrpc(folder.resolve("felix"), Map.of("grpc", "127.0.0.1:0", "http", "127.0.0.1:0"));
        server.admin()
                .getConfiguration("forge.ai.models", "?")
                .update(new Hashtable<>(Map.of("repository", models.toString())));
        server.framework().start("forge.ai.lib.onnxruntime");
        Bundle onnx = server.framework().start("forge.ai.backend.onnx");
        server.framework().start("forge.ai.runtime.models");
        server.framework().start("forge.ai.runtime.inference");
        for (String bundle : REST) {
            server.framework().start(bundle);
        }
        ModelRegistry registry = server.framework().await(ModelRegistry.class, "", Duration.ofSeconds(10));
        URI http = server.framework().await(URI.class, "(" + Address.PROTOCOL + "=http)", Duration.ofSeconds(20));
        return new RunningBoth(server, new RestBytes(HttpClient.newHttpClient(), http), registry, onnx);
    }

    /** Adds a backend that recognises its models by one file. */
    void backend(String name, String file, ModelBackend backend) {
        server.context()
                .registerService(
                        ModelBackend.class,
                        backend,
                        new Hashtable<>(Map.of(ModelBackend.NAME, name, ModelBackend.FILES, file)));
    }

    @Override
    public void close() throws Exception {
        rest.http().close();
        server.close();
    }
}
