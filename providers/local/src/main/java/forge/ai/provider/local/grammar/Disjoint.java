package forge.ai.provider.local.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Whether no value is valid by two of several schemas, as far as that shows. */
final class Disjoint {

    private Disjoint() {}

    /** @param resolve gives what a reference is to */
    static boolean are(JsonNode schemas, UnaryOperator<JsonNode> resolve) {
        for (int i = 0; i < schemas.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (!are(resolved(schemas.get(i), resolve), resolved(schemas.get(j), resolve))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static JsonNode resolved(JsonNode schema, UnaryOperator<JsonNode> resolve) {
        return schema.has("$ref") ? resolve.apply(schema) : schema;
    }

    private static boolean are(JsonNode a, JsonNode b) {
        Set<JsonNode> values = values(a);
        if (!values.isEmpty() && !values(b).isEmpty()) {
            values.retainAll(values(b));
            return values.isEmpty();
        }
        String one = a.path("type").asText("");
        String other = b.path("type").asText("");
        boolean numbers =
                one.equals("number") && other.equals("integer") || one.equals("integer") && other.equals("number");
        if (!one.isEmpty() && !other.isEmpty() && !one.equals(other)) {
            return !numbers;
        }
        return one.equals("object") && other.equals("object") && byMember(a, b);
    }

    /** Both have to have a member whose values are different. */
    private static boolean byMember(JsonNode a, JsonNode b) {
        for (JsonNode name : a.path("required")) {
            Set<JsonNode> values = values(a.path("properties").path(name.asText()));
            Set<JsonNode> others = values(b.path("properties").path(name.asText()));
            boolean both = b.path("required").valueStream().anyMatch(name::equals);
            if (both && !values.isEmpty() && !others.isEmpty()) {
                values.retainAll(others);
                if (values.isEmpty()) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Set<JsonNode> values(JsonNode schema) {
        Set<JsonNode> values = new HashSet<>();
        if (schema.has("const")) {
            values.add(schema.get("const"));
        }
        schema.path("enum").forEach(values::add);
        return values;
    }
}
