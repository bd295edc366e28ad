package forge.ai.runtime.deploy;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has to be known again after a restart: which content of each file was good, and the features installed. */
final class DeployState {

    /**
     * The content of a file that was last brought into force.
     *
     * @param hash of the content
     * @param arrival when it came, counted
     */
    record Good(String hash, long arrival) {}

    /**
     * A feature that is installed.
     *
     * @param hash of its document
     * @param arrival when it came, counted
     * @param bundles the hashes of the contents of its bundles, in their order
     */
    record GoodFeature(String hash, long arrival, List<String> bundles) {}

    private static final Logger LOG = LoggerFactory.getLogger(DeployState.class);

    private final Path file;
    private final Map<String, Good> files = new TreeMap<>();
    private final Map<String, GoodFeature> features = new TreeMap<>();
    private long arrivals;

    DeployState(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            read(Files.readAllBytes(file));
        }
    }

    long nextArrival() {
        return ++arrivals;
    }

    Map<String, Good> files() {
        return Map.copyOf(files);
    }

    void good(String name, Good good) {
        files.put(name, good);
        write();
    }

    void forget(String name) {
        if (files.remove(name) != null) {
            write();
        }
    }

    /** The features installed, by their key: the file in the deploy folder, or the name in the distribution. */
    Map<String, GoodFeature> features() {
        return Map.copyOf(features);
    }

    void installed(String key, GoodFeature feature) {
        features.put(key, feature);
        write();
    }

    void removed(String key) {
        if (features.remove(key) != null) {
            write();
        }
    }

    private void read(byte[] content) {
        try (JsonReader reader = Json.createReader(new ByteArrayInputStream(content))) {
            JsonObject state = reader.readObject();
            arrivals = state.getJsonNumber("arrivals").longValue();
            state.getJsonObject("files").forEach((name, value) -> {
                JsonObject good = value.asJsonObject();
                files.put(
                        name,
                        new Good(
                                good.getString("hash"),
                                good.getJsonNumber("arrival").longValue()));
            });
            state.getJsonObject("features").forEach((key, value) -> features.put(key, feature(value.asJsonObject())));
        } catch (JsonException | ClassCastException | NullPointerException e) {
            LOG.error("{} is damaged ({}); what lies in the deploy folder is taken as new", file, Refused.said(e));
        }
    }

    private static GoodFeature feature(JsonObject value) {
        List<String> bundles = value.getJsonArray("bundles").getValuesAs(JsonString::getString);
        return new GoodFeature(
                value.getString("hash"), value.getJsonNumber("arrival").longValue(), List.copyOf(bundles));
    }

    private void write() {
        JsonObjectBuilder good = Json.createObjectBuilder();
        files.forEach((name, value) -> good.add(
                name, Json.createObjectBuilder().add("hash", value.hash()).add("arrival", value.arrival())));
        JsonObjectBuilder installed = Json.createObjectBuilder();
        features.forEach((key, value) -> installed.add(
                key,
                Json.createObjectBuilder()
                        .add("hash", value.hash())
                        .add("arrival", value.arrival())
                        .add("bundles", Json.createArrayBuilder(value.bundles()))));
        JsonObject state = Json.createObjectBuilder()
                .add("arrivals", arrivals)
                .add("files", good)
                .add("features", installed)
                .build();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (var writer = Json.createWriter(bytes)) {
            writer.writeObject(state);
        }
        try {
            DurableFile.write(file, bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
