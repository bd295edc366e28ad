package forge.ai.runtime.launcher;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamReadException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads which bundles a feature of the distribution lists (OSGi Compendium 8.1, chapter 159). Its configurations are
 * not read: what the distribution starts has defaults that suit, and features with configurations are installed into
 * the running runtime.
 *
 * <p>A bundle with {@code "java": N} beside its id is for Java N and later, and left out on an earlier one.
 */
final class FeatureFile {

    private static final JsonFactory JSON = JsonFactory.builder().build().enable(JsonParser.Feature.ALLOW_COMMENTS);

    private FeatureFile() {}

    /** The ids of its bundles that are for this Java, in the order listed. */
    static List<String> bundles(Path file) throws IOException {
        List<String> ids = new ArrayList<>();
        try (JsonParser json = JSON.createParser(file.toFile())) {
            json.nextToken();
            for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
                JsonToken value = json.nextToken();
                if (key.equals("bundles") && value == JsonToken.START_ARRAY) {
                    while (json.nextToken() != JsonToken.END_ARRAY) {
                        id(file, json).ifPresent(ids::add);
                    }
                } else {
                    json.skipChildren();
                }
            }
        } catch (StreamReadException e) {
            throw Exit.failed(file + " is not a feature: " + e.getOriginalMessage() + " at line "
                    + e.getLocation().getLineNr());
        }
        return ids;
    }

    private static Optional<String> id(Path file, JsonParser json) throws IOException {
        String id = null;
        int java = 0;
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            id = json.getText();
        } else if (json.currentToken() == JsonToken.START_OBJECT) {
            for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
                json.nextToken();
                if (key.equals("id")) {
                    id = json.getText();
                } else if (key.equals("java")) {
                    java = json.getValueAsInt();
                } else {
                    json.skipChildren();
                }
            }
        }
        if (id == null || id.split(":").length < 3) {
            throw Exit.failed(file + " lists a bundle without an id like group:artifact:version");
        }
        return java <= Runtime.version().feature() ? Optional.of(id) : Optional.empty();
    }
}
