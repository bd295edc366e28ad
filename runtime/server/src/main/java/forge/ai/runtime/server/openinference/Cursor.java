package forge.ai.runtime.server.openinference;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import forge.ai.api.ErrorDetails;
import forge.ai.api.InvalidRequestException;
import java.io.IOException;

/** Goes over JSON and says of each value that it is what is expected, or where it is not. */
record Cursor(JsonParser parser) {

    /** Reads one field; the parser stands at its value and is to stand at the value's end afterwards. */
    interface Field {
        void read(String name) throws IOException;
    }

    /** Reads the fields of the object at which the parser stands. */
    void object(String at, String what, Field field) throws IOException {
        require(parser.currentToken() == JsonToken.START_OBJECT, at, what);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            field.read(name);
        }
    }

    void array(String at, String what) {
        require(parser.currentToken() == JsonToken.START_ARRAY, at, what);
    }

    /** Goes to the next value of an array; false at its end. */
    boolean next() throws IOException {
        return parser.nextToken() != JsonToken.END_ARRAY;
    }

    void skip() throws IOException {
        parser.skipChildren();
    }

    String text(String at) throws IOException {
        require(parser.currentToken() == JsonToken.VALUE_STRING, at, "a text");
        return parser.getText();
    }

    boolean truth(String at) throws IOException {
        require(parser.currentToken().isBoolean(), at, "true or false");
        return parser.getBooleanValue();
    }

    long whole(String at, long least, long most) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
                || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                || parser.getLongValue() < least
                || parser.getLongValue() > most) {
            throw wrong(at, "a whole number from " + least + " to " + most);
        }
        return parser.getLongValue();
    }

    static void require(boolean right, String at, String what) {
        if (!right) {
            throw wrong(at, what);
        }
    }

    static InvalidRequestException wrong(String at, String what) {
        return new InvalidRequestException(
                at + " is missing or wrong; expected: " + what, ErrorDetails.NONE.withParameter(at));
    }
}
