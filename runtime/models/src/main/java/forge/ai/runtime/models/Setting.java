package forge.ai.runtime.models;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.InvalidRequestException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A value of a model's {@code config.json}; a wrong one is refused with the file, the key, the value and what is allowed.
 *
 * @param file that it stands in
 * @param key its name, with those of the objects around it
 * @param value missing if it is not there
 */
record Setting(Path file, String key, JsonNode value) {

    boolean missing() {
        return value.isMissingNode() || value.isNull();
    }

    /** A value in this one, which must be an object with no other keys, or missing. */
    Setting in(String name, Set<String> known) {
        if (!missing()) {
            Set<String> names = new TreeSet<>();
            value.fieldNames().forEachRemaining(names::add);
            if (!value.isObject() || !known.containsAll(names)) {
                return refuse("an object with " + new TreeSet<>(known));
            }
        }
        return new Setting(file, key + "." + name, value.path(name));
    }

    /** The values by name of this one, which must be an object or missing. */
    Set<Map.Entry<String, JsonNode>> entries(String allowed) {
        return missing() || value.isObject() ? value.properties() : refuse(allowed);
    }

    Setting with(String name, JsonNode other) {
        return new Setting(file, key + "." + name, other);
    }

    String text(String otherwise) {
        return missing() ? otherwise : value.isTextual() ? value.textValue() : refuse("a text");
    }

    boolean flag(boolean otherwise) {
        return missing() ? otherwise : value.isBoolean() ? value.booleanValue() : refuse("true or false");
    }

    int whole(int least, int most, int otherwise) {
        if (missing()) {
            return otherwise;
        }
        return value.isInt() && value.intValue() >= least && value.intValue() <= most
                ? value.intValue()
                : refuse("a whole number from " + least + " to " + most);
    }

    long count(long least, long most, long otherwise) {
        if (missing()) {
            return otherwise;
        }
        boolean right = value.isIntegralNumber() && value.canConvertToLong();
        return right && value.longValue() >= least && value.longValue() <= most
                ? value.longValue()
                : refuse("a whole number from " + least + " to " + most);
    }

    /** A text that must be there. */
    String name() {
        return value.isTextual() && !value.textValue().isEmpty() ? value.textValue() : refuse("a text");
    }

    /** The items of this one, which must be a list or missing. */
    List<Setting> items(int most) {
        if (!missing() && (!value.isArray() || value.size() > most)) {
            return refuse("a list of at most " + most);
        }
        List<Setting> items = new ArrayList<>();
        value.forEach(item -> items.add(new Setting(file, key + "[" + items.size() + "]", item)));
        return items;
    }

    /** The model whose settings these are, by the name of its folder. */
    String model() {
        return String.valueOf(file.toAbsolutePath().getParent().getFileName());
    }

    double number(double least, double most, double otherwise) {
        if (missing()) {
            return otherwise;
        }
        return value.isNumber() && value.doubleValue() >= least && value.doubleValue() <= most
                ? value.doubleValue()
                : refuse("a number from " + least + " to " + most);
    }

    <T> T refuse(String allowed) {
        throw new InvalidRequestException(
                "%s: %s is %s; allowed is %s".formatted(file, key, value.isMissingNode() ? "missing" : value, allowed));
    }
}
