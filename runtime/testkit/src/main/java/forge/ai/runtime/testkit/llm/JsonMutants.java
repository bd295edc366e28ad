package forge.ai.runtime.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Documents in which one value is missing or of another type, to be read all the same or refused with a typed error. */
public final class JsonMutants {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String[] WRONG = {
        "null", "true", "-1", "1e400", "\"\"", "\"x\"", "[]", "[null]", "[\"x\"]", "{}", "{\"x\":{}}"
    };

    private JsonMutants() {}

    /** The document with each of its values taken out, and replaced by each of the wrong ones. */
    public static List<String> of(String document) {
        List<String> mutants = new ArrayList<>();
        for (String pointer : pointers(tree(document), "")) {
            for (String wrong : WRONG) {
                mutants.add(with(document, pointer, tree(wrong)));
            }
            mutants.add(with(document, pointer, null));
        }
        return mutants;
    }

    private static JsonNode tree(String document) {
        try {
            return MAPPER.readTree(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> pointers(JsonNode node, String path) {
        List<String> all = new ArrayList<>();
        node.properties().forEach(field -> all.add(path + "/" + field.getKey()));
        for (int i = 0; i < (node.isArray() ? node.size() : 0); i++) {
            all.add(path + "/" + i);
        }
        for (String child : List.copyOf(all)) {
            all.addAll(pointers(node.at(child.substring(path.length())), child));
        }
        return all;
    }

    private static String with(String document, String pointer, @Nullable JsonNode value) {
        JsonNode root = tree(document);
        int slash = pointer.lastIndexOf('/');
        String last = pointer.substring(slash + 1);
        switch (root.at(pointer.substring(0, slash))) {
            case ObjectNode object when value == null -> object.remove(last);
            case ObjectNode object -> object.set(last, value);
            case ArrayNode array when value == null -> array.remove(Integer.parseInt(last));
            case ArrayNode array -> array.set(Integer.parseInt(last), value);
            default -> throw new IllegalStateException(pointer);
        }
        return root.toString();
    }
}
