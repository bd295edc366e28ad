package forge.ai.runtime.tools;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.function.Function;

/** Types that are one value. */
sealed interface Scalar extends Shape {

    /** A {@code String}. */
    record Text() implements Scalar {
        @Override
        public void schema(JsonGenerator json) throws IOException {
            json.writeStringField("type", "string");
        }

        @Override
        public Object read(JsonNode value, String place) {
            if (!value.isTextual()) {
                throw Shape.wrong(place, "a text", value);
            }
            return value.textValue();
        }

        @Override
        public void write(JsonGenerator json, Object value) throws IOException {
            json.writeString((String) value);
        }
    }

    /** A {@code boolean}. */
    record Flag() implements Scalar {
        @Override
        public void schema(JsonGenerator json) throws IOException {
            json.writeStringField("type", "boolean");
        }

        @Override
        public Object read(JsonNode value, String place) {
            if (!value.isBoolean()) {
                throw Shape.wrong(place, "true or false", value);
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
    record Whole(String range, Function<BigInteger, Object> exactly) implements Scalar {
        @Override
        public void schema(JsonGenerator json) throws IOException {
            json.writeStringField("type", "integer");
        }

        @Override
        public Object read(JsonNode value, String place) {
            // 5.0 is a whole number in JSON Schema.
            if (!value.isNumber() || value.isFloatingPointNumber() && !whole(value)) {
                throw Shape.wrong(place, "a whole number" + range, value);
            }
            try {
                return exactly.apply(value.decimalValue().toBigIntegerExact());
            } catch (ArithmeticException e) {
                throw Shape.wrong(place, "a whole number" + range, value);
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
    record Decimal(Function<BigDecimal, Object> as) implements Scalar {
        @Override
        public void schema(JsonGenerator json) throws IOException {
            json.writeStringField("type", "number");
        }

        @Override
        public Object read(JsonNode value, String place) {
            if (!value.isNumber() || value.isFloatingPointNumber() && !Double.isFinite(value.doubleValue())) {
                throw Shape.wrong(place, "a number", value);
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
    record Choice(Map<String, Object> constants) implements Scalar {
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
                throw Shape.wrong(place, "one of " + String.join(", ", constants.keySet()), value);
            }
            return constant;
        }

        @Override
        public void write(JsonGenerator json, Object value) throws IOException {
            json.writeString(((Enum<?>) value).name());
        }
    }
}
