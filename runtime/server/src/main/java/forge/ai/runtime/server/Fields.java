package forge.ai.runtime.server;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.ErrorDetails;
import forge.ai.api.ForgeException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The fields of one JSON object of a request; a field that is null counts as absent. What is wrong is named by its path. */
public record Fields(JsonNode node, String path) {

    public static Fields of(JsonNode body) {
        return new Fields(body, "");
    }

    /** The elements of an array of objects. */
    public List<Fields> objects(String name) {
        List<Fields> all = new ArrayList<>();
        JsonNode array = get(name).filter(JsonNode::isArray).orElseThrow(() -> wrong(name, "an array of objects"));
        for (JsonNode element : array) {
            String place = at(name) + "[" + all.size() + "]";
            if (!element.isObject()) {
                throw notAllowed(place, "an object");
            }
            all.add(new Fields(element, place));
        }
        return all;
    }

    public Optional<JsonNode> get(String name) {
        return Optional.ofNullable(node.get(name)).filter(v -> !v.isNull());
    }

    public boolean has(String name) {
        return get(name).isPresent();
    }

    public Fields object(String name) {
        return new Fields(get(name).filter(JsonNode::isObject).orElseThrow(() -> wrong(name, "an object")), at(name));
    }

    public Optional<String> text(String name) {
        return get(name).map(v -> {
            if (!v.isTextual()) {
                throw wrong(name, "a string");
            }
            return v.textValue();
        });
    }

    public String required(String name) {
        return text(name).filter(t -> !t.isEmpty()).orElseThrow(() -> wrong(name, "a string that is not empty"));
    }

    public Optional<Boolean> flag(String name) {
        return get(name).map(v -> {
            if (!v.isBoolean()) {
                throw wrong(name, "true or false");
            }
            return v.booleanValue();
        });
    }

    public boolean is(String name) {
        return flag(name).orElse(false);
    }

    public OptionalInt integer(String name, int least, int most) {
        Optional<JsonNode> value = get(name);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        JsonNode number = value.get();
        if (!number.isIntegralNumber()
                || !number.canConvertToInt()
                || number.intValue() < least
                || number.intValue() > most) {
            throw wrong(name, "an integer from " + least + " to " + most);
        }
        return OptionalInt.of(number.intValue());
    }

    public OptionalLong whole(String name) {
        Optional<JsonNode> value = get(name);
        if (value.isPresent() && !(value.get().isIntegralNumber() && value.get().canConvertToLong())) {
            throw wrong(name, "an integer of 64 bits");
        }
        return value.map(v -> OptionalLong.of(v.longValue())).orElse(OptionalLong.empty());
    }

    public OptionalDouble number(String name, double least, double most) {
        Optional<JsonNode> value = get(name);
        if (value.isEmpty()) {
            return OptionalDouble.empty();
        }
        double number = value.get().isNumber() ? value.get().doubleValue() : Double.NaN;
        if (!(number >= least && number <= most)) {
            throw wrong(name, "a number from " + least + " to " + most);
        }
        return OptionalDouble.of(number);
    }

    /** A string, or an array of at most {@code most} strings; empty if it is absent. */
    public List<String> texts(String name, int most) {
        JsonNode value = get(name).orElse(null);
        if (value == null) {
            return List.of();
        }
        if (value.isTextual()) {
            return List.of(value.textValue());
        }
        List<String> all = new ArrayList<>();
        for (JsonNode text : value) {
            if (!text.isTextual()) {
                break;
            }
            all.add(text.textValue());
        }
        if (!value.isArray() || all.size() != value.size() || all.size() > most) {
            throw wrong(name, "a string, or an array of at most " + most + " strings");
        }
        return all;
    }

    public ForgeException wrong(String name, String allowed) {
        return notAllowed(at(name), allowed);
    }

    public ForgeException unsupported(String name, String what) {
        return new UnsupportedException(at(name) + ": " + what, ErrorDetails.NONE.withParameter(at(name)));
    }

    /** Where the field is in the request. */
    String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** @param what is wrong with the field */
    public ForgeException invalid(String name, String what) {
        return new InvalidRequestException(at(name) + ": " + what, ErrorDetails.NONE.withParameter(at(name)));
    }

    private static ForgeException notAllowed(String place, String allowed) {
        return new InvalidRequestException(place + " must be " + allowed, ErrorDetails.NONE.withParameter(place));
    }
}
