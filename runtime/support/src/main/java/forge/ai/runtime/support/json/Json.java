package forge.ai.runtime.support.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import forge.ai.api.InvalidRequestException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** JSON as this runtime reads and writes it: no bindings to classes, buffers pooled without thread locals. */
public final class Json {

    // A pool of its own: thread locals are of no use to virtual threads and outlive a bundle.
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
            .build();
    private static final ObjectReader TREES =
            new JsonMapper(FACTORY).readerFor(JsonNode.class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** Writes one document. */
    @FunctionalInterface
    public interface Document {
        void write(JsonGenerator json) throws IOException;
    }

    private Json() {}

    /**
     * Reads a whole document.
     *
     * @throws IOException if it is not one JSON value in UTF-8
     */
    public static JsonNode read(byte[] document) throws IOException {
        JsonNode node = TREES.readValue(document);
        if (node == null || node.isMissingNode()) {
            throw new IOException("an empty document");
        }
        return node;
    }

    /** As {@link #read(byte[])}. */
    public static JsonNode read(String document) throws IOException {
        JsonNode node = TREES.readValue(document);
        if (node == null || node.isMissingNode()) {
            throw new IOException("an empty document");
        }
        return node;
    }

    /**
     * The fields of an object and their values as they stand, in order; of several with one name the last.
     *
     * @throws IOException if it is not one JSON object
     */
    public static Map<String, String> fields(String document) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        try (JsonParser parser = FACTORY.createParser(document)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not a JSON object");
            }
            JsonToken token = parser.nextToken();
            while (token == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                int from = (int) parser.currentTokenLocation().getCharOffset();
                parser.skipChildren();
                token = parser.nextToken();
                // Where the next token begins is known without decoding a long text; what lies between is cut off.
                int to = (int) parser.currentTokenLocation().getCharOffset();
                fields.put(name, value(document, from, to));
            }
            if (token != JsonToken.END_OBJECT || parser.nextToken() != null) {
                throw new IOException("not one JSON object");
            }
        }
        return fields;
    }

    /** An object of fields whose values are JSON texts, written as they stand. */
    public static byte[] write(Map<String, String> fields) {
        return write(json -> {
            json.writeStartObject();
            for (Map.Entry<String, String> field : fields.entrySet()) {
                json.writeFieldName(field.getKey());
                json.writeRawValue(field.getValue());
            }
            json.writeEndObject();
        });
    }

    private static String value(String document, int from, int to) {
        int end = to;
        while (document.charAt(end - 1) <= ' ' || document.charAt(end - 1) == ',') {
            end--;
        }
        return document.substring(from, end);
    }

    public static JsonParser parser(byte[] document) throws IOException {
        return FACTORY.createParser(document);
    }

    /** Writes a document to UTF-8. */
    public static byte[] write(Document document) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(1024)) {
            try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
                document.write(json);
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Writes JSON text that came from outside, exactly as it stands.
     *
     * @param what names it in the error
     * @throws InvalidRequestException if it is not one JSON value
     */
    public static void writeRaw(JsonGenerator json, String text, String what) throws IOException {
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() == null) {
                throw new InvalidRequestException(what + " is empty; expected a JSON value");
            }
            parser.skipChildren();
            if (parser.nextToken() != null) {
                throw new InvalidRequestException(what + " has something after its end; expected one JSON value");
            }
        } catch (com.fasterxml.jackson.core.JacksonException e) {
            throw new InvalidRequestException(what + " is not JSON");
        }
        json.writeRawValue(text);
    }

    /** The text of a field; empty if it is absent, null or not a scalar. */
    public static String text(JsonNode node, String field) {
        JsonNode value = node.get(field);
        return value == null || value.isNull() || value.isContainerNode() ? "" : value.asText();
    }

    /** A field that is there and neither null nor an empty object, array or text. */
    public static Optional<JsonNode> present(JsonNode node, String field) {
        JsonNode value = node.get(field);
        return value == null || empty(value) ? Optional.empty() : Optional.of(value);
    }

    /** Whether a value says nothing. */
    public static boolean empty(JsonNode value) {
        return value.isNull()
                || (value.isContainerNode() && value.isEmpty())
                || (value.isTextual() && value.textValue().isEmpty());
    }

    /** An integer field; empty if it is absent or no number. */
    public static OptionalLong number(JsonNode node, String field) {
        JsonNode value = node.get(field);
        return value == null || !value.isNumber() ? OptionalLong.empty() : OptionalLong.of(value.longValue());
    }

    /** A list of numbers, at least one, as a vector; empty if it is anything else. */
    public static Optional<float[]> floats(JsonNode list) {
        if (!list.isArray() || list.isEmpty()) {
            return Optional.empty();
        }
        float[] vector = new float[list.size()];
        for (int i = 0; i < vector.length; i++) {
            if (!list.get(i).isNumber()) {
                return Optional.empty();
            }
            vector[i] = list.get(i).floatValue();
        }
        return Optional.of(vector);
    }
}
