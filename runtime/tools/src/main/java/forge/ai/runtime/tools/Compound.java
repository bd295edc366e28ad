package forge.ai.runtime.tools;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Types made of values of one type. */
sealed interface Compound extends Shape {

    /** A {@code List}. */
    record Many(Shape element) implements Compound {
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
                throw Shape.wrong(place, "a list", value);
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
    record Named(Shape element) implements Compound {
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
                throw Shape.wrong(place, "an object", value);
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
    record Maybe(Shape element) implements Compound {
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
}
