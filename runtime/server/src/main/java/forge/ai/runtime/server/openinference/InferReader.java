package forge.ai.runtime.server.openinference;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.support.openinference.Scheduling;
import java.io.IOException;

/** Reads the body of an inference request: one pass over its JSON, numbers straight into tensors. */
final class InferReader {

    private static final int MOST_TENSORS = 1024;

    private final InferBytes bytes;
    private final Cursor json;
    private final InferBody body = new InferBody();
    private boolean inputs;

    private InferReader(InferBytes bytes, JsonParser parser) {
        this.bytes = bytes;
        this.json = new Cursor(parser);
    }

    /**
     * @param jsonLength how many of the bytes are JSON; behind it are the bytes of tensors, in the inputs' order
     * @throws InvalidRequestException if the body is not an inference request; the message says where
     */
    static InferBody read(byte[] body, int jsonLength) {
        InferBytes bytes = new InferBytes(body, jsonLength);
        try (JsonParser parser = bytes.parser()) {
            InferReader reader = new InferReader(bytes, parser);
            parser.nextToken();
            reader.document();
            return reader.body;
        } catch (JacksonException e) {
            String where = e.getLocation() == null
                    ? ""
                    : "; line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr();
            throw new InvalidRequestException("the body is not JSON in UTF-8 within limits" + where);
        } catch (IOException e) {
            throw new InvalidRequestException("the body is not JSON in UTF-8");
        }
    }

    private void document() throws IOException {
        json.object("the body", "a JSON object", this::field);
        if (json.parser().nextToken() != null) {
            throw new InvalidRequestException(
                    "something follows the JSON object; a tensor's bytes need the header " + InferCall.JSON_LENGTH);
        }
        Cursor.require(inputs, "inputs", "a list of tensors");
        bytes.checkAllRead();
    }

    private void field(String field) throws IOException {
        switch (field) {
            case "id" -> body.id = json.text("id");
            case "inputs" -> inputs();
            case "outputs" -> outputs();
            case "parameters" -> json.object("parameters", "an object", this::parameter);
            default -> json.skip();
        }
    }

    private void inputs() throws IOException {
        inputs = true;
        json.array("inputs", "a list of tensors");
        while (json.next()) {
            int place = body.inputs.size();
            Cursor.require(place < MOST_TENSORS, "inputs", "at most " + MOST_TENSORS + " tensors");
            InputReader input = new InputReader(json, bytes, "inputs[" + place + "]");
            Tensor tensor = input.read();
            if (body.inputs.put(input.name(), tensor) != null) {
                throw new InvalidRequestException("there are two inputs named " + input.name());
            }
        }
    }

    private void outputs() throws IOException {
        json.array("outputs", "a list of objects with a name");
        while (json.next()) {
            int place = body.outputs.size();
            Cursor.require(place < MOST_TENSORS, "outputs", "at most " + MOST_TENSORS + " names");
            new OutputReader(json, "outputs[" + place + "]").read(body);
        }
    }

    private void parameter(String parameter) throws IOException {
        switch (parameter) {
            case "binary_data_output" -> body.allAsBytes = json.truth("parameters.binary_data_output");
            case "priority" ->
                body.priority = Scheduling.priority((int) json.whole("parameters.priority", 0, Scheduling.LAST_PLACE));
            case "timeout" ->
                body.timeout = Scheduling.timeout(json.whole("parameters.timeout", 0, Scheduling.LONGEST_MICROS));
            case "sequence_id" -> body.keeping = body.keeping.withSequence(id());
            case "sequence_start" -> body.keeping = body.keeping.withStart(json.truth("parameters.sequence_start"));
            case "sequence_end" -> body.keeping = body.keeping.withEnd(json.truth("parameters.sequence_end"));
            case "cache" -> body.keeping = body.keeping.withCache(json.text("parameters.cache"));
            default -> json.skip();
        }
    }

    private String id() throws IOException {
        return json.parser().currentToken() == JsonToken.VALUE_STRING
                ? json.text("parameters.sequence_id")
                : Long.toString(json.whole("parameters.sequence_id", 0, Long.MAX_VALUE));
    }
}
