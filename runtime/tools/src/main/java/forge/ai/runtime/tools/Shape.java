package forge.ai.runtime.tools;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.InvalidRequestException;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Java type as JSON: its schema, and values in both directions. By hand and not by a mapper, whose caches would keep
 * the classes of a bundle that is gone, and whose messages are not meant for a model.
 */
sealed interface Shape {

    /** The members of the type's JSON Schema, into an object that has begun. */
    void schema(JsonGenerator json) throws IOException;

    /** @throws InvalidRequestException that names the place and what is expected there */
    Object read(JsonNode value, String place);

    void write(JsonGenerator json, Object value) throws IOException;

    /** Whether a value may be left out. */
    default boolean optional() {
        return false;
    }

    private static InvalidRequestException wrong(String place, String expected, JsonNode value) {
        return new InvalidRequestException(place + ": expected " + expected + ", not "
                + switch (value.getNodeType()) {
                    case MISSING, NULL -> "nothing";
                    case OBJECT -> "an object";
                    case ARRAY -> "a list";
                    default -> value.toString();
                });
    }

    /** A {@code String}. */
    record Text() implements Shape {
        @Override
        public void schema(JsonGenerator json) throws IOException {
            json.writeStringField("type", "string");
        }

        @Override
        public Object read(JsonNode value, String place) {
            if (!value.isTextual()) {
                throw wrong(place, "a text", value);
            }
            return value.textValue();
        }

        @Override
        public void write(JsonGenerator json, Object value) throws IOException {
            json.writeString((String) value);
        }
    }

    /** A {@code boolean}. */
    record Flag() implements Shape {
        @Override
        public void schema(JsonGenerator json) throws IOException {
            json.writeStringField("type", "boolean");
        }

        @Override
        public Object read(JsonNode value, String place) {
            if (!value.isBoolean()) {
                throw wrong(place, "true or false", value);
            }
            return value.booleanValue();
        }

        @Override
        public void write(JsonGenerator json, Object value) throws IOException {
            json.writeBoolean((Boolean) value);
        }
    }

    /**
     * Whole numbers.
     *
     * @param exactly the number as the type has it; throws what is out of its range
     */
    record Whole(String range, Function<BigInteger, Object> exactly) implements Shape {
        @Override
        public void schema(JsonGenerator json) throws IOException {
            json.writeStringField("type", "integer");
        }

        @Override
        public Object read(JsonNode value, String place) {
            // 5.0 is a whole number in JSON Schema.
            if (!value.isNumber() || value.isFloatingPointNumber() && !whole(value)) {
                throw wrong(place, "a whole number" + range, value);
            }
            try {
                return exactly.apply(value.decimalValue().toBigIntegerExact());
            } catch (ArithmeticException e) {
                throw wrong(place, "a whole number" + range, value);
            }
        }

        private static boolean whole(JsonNode value) {
            return Double.isFinite(value.doubleValue()) && Math.rint(value.doubleValue()) == value.doubleValue();
        }

        @Override
        public void write(JsonGenerator json, Object value) throws IOException {
            json.writeNumber(new BigInteger(value.toString()));
        }
    }

    /**
     * Any numbers.
     *
     * @param as the number as the type has it
     */
    record Decimal(Function<BigDecimal, Object> as) implements Shape {
        @Override
        public void schema(JsonGenerator json) throws IOException {
            json.writeStringField("type", "number");
        }

        @Override
        public Object read(JsonNode value, String place) {
            if (!value.isNumber() || value.isFloatingPointNumber() && !Double.isFinite(value.doubleValue())) {
                throw wrong(place, "a number", value);
            }
            return as.apply(value.decimalValue());
        }

        @Override
        public void write(JsonGenerator json, Object value) throws IOException {
            if (value instanceof BigDecimal number) {
                json.writeNumber(number);
            } else {
                // NaN and infinities have no JSON number and become texts.
                json.writeNumber(((Number) value).doubleValue());
            }
        }
    }

    /** The constants of an enum, by name. */
    record Choice(Map<String, Object> constants) implements Shape {
        @Override
        public void schema(JsonGenerator json) throws IOException {
            json.writeStringField("type", "string");
            json.writeArrayFieldStart("enum");
            for (String name : constants.keySet()) {
                json.writeString(name);
            }
            json.writeEndArray();
        }

        @Override
        public Object read(JsonNode value, String place) {
            Object constant = value.isTextual() ? constants.get(value.textValue()) : null;
            if (constant == null) {
                throw wrong(place, "one of " + String.join(", ", constants.keySet()), value);
            }
            return constant;
        }

        @Override
        public void write(JsonGenerator json, Object value) throws IOException {
            json.writeString(((Enum<?>) value).name());
        }
    }

    /** A {@code List}. */
    record Many(Shape element) implements Shape {
        @Override
        public void schema(JsonGenerator json) throws IOException {
            json.writeStringField("type", "array");
            json.writeObjectFieldStart("items");
            element.schema(json);
            json.writeEndObject();
        }

        @Override
        public Object read(JsonNode value, String place) {
            if (!value.isArray()) {
                throw wrong(place, "a list", value);
            }
            List<Object> list = new ArrayList<>();
            for (JsonNode item : value) {
                list.add(element.read(item, place + "[" + list.size() + "]"));
            }
            return List.copyOf(list);
        }

        @Override
        public void write(JsonGenerator json, Object value) throws IOException {
            json.writeStartArray();
            for (Object item : (Iterable<?>) value) {
                element.write(json, item);
            }
            json.writeEndArray();
        }
    }

    /** A {@code Map} by {@code String}. */
    record Named(Shape element) implements Shape {
        @Override
        public void schema(JsonGenerator json) throws IOException {
            json.writeStringField("type", "object");
            json.writeObjectFieldStart("additionalProperties");
            element.schema(json);
            json.writeEndObject();
        }

        @Override
        public Object read(JsonNode value, String place) {
            if (!value.isObject()) {
                throw wrong(place, "an object", value);
            }
            Map<String, Object> map = new LinkedHashMap<>();
            value.properties().forEach(e -> map.put(e.getKey(), element.read(e.getValue(), place + "." + e.getKey())));
            return map;
        }

        @Override
        public void write(JsonGenerator json, Object value) throws IOException {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                json.writeFieldName((String) entry.getKey());
                element.write(json, entry.getValue());
            }
            json.writeEndObject();
        }
    }

    /** An {@code Optional}, which stands for what is left out. */
    record Maybe(Shape element) implements Shape {
        @Override
        public boolean optional() {
            return true;
        }

        @Override
        public void schema(JsonGenerator json) throws IOException {
            element.schema(json);
        }

        @Override
        public Object read(JsonNode value, String place) {
            return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(element.read(value, place));
        }

        @Override
        public void write(JsonGenerator json, Object value) throws IOException {
            Optional<?> optional = (Optional<?>) value;
            if (optional.isPresent()) {
                element.write(json, optional.get());
            } else {
                json.writeNull();
            }
        }
    }

    /**
     * A member of an object.
     *
     * @param accessor how to get it of a record; null of a parameter
     */
    record Member(
            String name,
            String description,
            Shape shape,
            @Nullable Method accessor) {}

    /**
     * A record, or the parameters of a method.
     *
     * @param constructor of the record; null of parameters, which are read to a list
     */
    record Members(List<Member> members, @Nullable Constructor<?> constructor) implements Shape {
        @Override
        public void schema(JsonGenerator json) throws IOException {
            json.writeStringField("type", "object");
            json.writeObjectFieldStart("properties");
            for (Member member : members) {
                json.writeObjectFieldStart(member.name());
                member.shape().schema(json);
                if (!member.description().isEmpty()) {
                    json.writeStringField("description", member.description());
                }
                json.writeEndObject();
            }
            json.writeEndObject();
            json.writeArrayFieldStart("required");
            for (Member member : members) {
                if (!member.shape().optional()) {
                    json.writeString(member.name());
                }
            }
            json.writeEndArray();
            json.writeBooleanField("additionalProperties", false);
        }

        @Override
        public Object read(JsonNode value, String place) {
            if (!value.isObject()) {
                throw wrong(place.isEmpty() ? "arguments" : place, "an object", value);
            }
            Set<String> unknown = new HashSet<>();
            value.fieldNames().forEachRemaining(unknown::add);
            members.forEach(member -> unknown.remove(member.name()));
            if (!unknown.isEmpty()) {
                throw new InvalidRequestException(
                        inside(place, unknown.iterator().next()) + ": unknown; there "
                                + (members.isEmpty() ? "are none" : "are: " + names()));
            }
            List<Object> values = new ArrayList<>();
            for (Member member : members) {
                values.add(member.shape().read(value.path(member.name()), inside(place, member.name())));
            }
            return constructor == null ? values : construct(constructor, values, place);
        }

        private String names() {
            return members.stream().map(Member::name).collect(Collectors.joining(", "));
        }

        private static String inside(String place, String name) {
            return place.isEmpty() ? name : place + "." + name;
        }

        /** A record may check what it is made of. */
        private static Object construct(Constructor<?> constructor, List<Object> values, String place) {
            try {
                return constructor.newInstance(values.toArray());
            } catch (InvocationTargetException e) {
                throw new InvalidRequestException(
                        place + ": " + e.getTargetException().getMessage());
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void write(JsonGenerator json, Object value) throws IOException {
            json.writeStartObject();
            for (Member member : members) {
                json.writeFieldName(member.name());
                member.shape().write(json, value(member, value));
            }
            json.writeEndObject();
        }

        private static Object value(Member member, Object of) {
            try {
                return Stream.ofNullable(member.accessor())
                        .findFirst()
                        .orElseThrow()
                        .invoke(of);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
