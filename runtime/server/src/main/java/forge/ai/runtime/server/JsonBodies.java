package forge.ai.runtime.server;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import forge.ai.api.InvalidRequestException;
import java.io.IOException;

/** Reads JSON from outside: what costs memory or time out of proportion is refused. */
public final class JsonBodies {

    private static final int DEPTH = 100;
    private static final long TOKENS = 1_000_000;
    private static final int DIGITS = 100;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH)
                    .maxTokenCount(TOKENS)
                    .maxNumberLength(DIGITS)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();
    private static final ObjectReader TREES =
            new JsonMapper(FACTORY).readerFor(JsonNode.class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final ObjectReader TREES_OF_ALL_NUMBERS = TREES.with(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS);

    private JsonBodies() {}

    /**
     * Reads a JSON object.
     *
     * @throws InvalidRequestException if the bytes are something else
     */
    public static JsonNode object(byte[] body) {
        return object(TREES, body);
    }

    /** As {@link #object}, where {@code NaN}, {@code Infinity} and {@code -Infinity} are numbers too. */
    public static JsonNode objectOfAllNumbers(byte[] body) {
        return object(TREES_OF_ALL_NUMBERS, body);
    }

    private static JsonNode object(ObjectReader reader, byte[] body) {
        JsonNode node;
        try {
            node = reader.readValue(body);
        } catch (StreamConstraintsException e) {
            throw new InvalidRequestException("the body is out of limits: at most " + DEPTH + " levels, " + TOKENS
                    + " values and names, " + DIGITS + " digits in a number");
        } catch (JacksonException e) {
            throw new InvalidRequestException("the body is not JSON in UTF-8" + where(e));
        } catch (IOException e) {
            throw new InvalidRequestException("the body is not JSON in UTF-8");
        }
        if (node == null || !node.isObject()) {
            throw new InvalidRequestException("the body is not a JSON object");
        }
        return node;
    }

    private static String where(JacksonException e) {
        return e.getLocation() == null
                ? ""
                : "; line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
    }
}
