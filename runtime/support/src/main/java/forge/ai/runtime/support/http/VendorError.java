package forge.ai.runtime.support.http;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a vendor says went wrong, whatever form it has: {@code {"error": {"message", "type", "code", "param"}}}, the same
 * without the wrapping, {@code {"error": "text"}}, {@code {"detail": ...}}, {@code {"message": ...}} or plain text.
 *
 * @param message for people, or empty
 * @param code the most exact code given, or empty
 * @param type the class of error, or empty
 * @param parameter the part of the request that is wrong, or empty
 */
public record VendorError(String message, String code, String type, String parameter) {

    private static final int MAX_TEXT = 1000;

    /** Reads the body of an answer that is known to be an error. */
    public static VendorError of(HttpAnswer answer) {
        try {
            return of(Json.read(answer.body()));
        } catch (IOException e) {
            boolean text = answer.mediaType().equals("text/plain");
            String message = text ? new String(answer.body(), StandardCharsets.UTF_8).strip() : "";
            return new VendorError(cut(message), "", "", "");
        }
    }

    /** The error that an answer of success holds, if it is JSON and holds one. */
    public static Optional<VendorError> in(HttpAnswer answer) {
        try {
            return in(Json.read(answer.body()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The error that an answer or an event holds, if it holds one. */
    public static Optional<VendorError> in(JsonNode answer) {
        return Json.present(answer, "error").map(error -> of(answer));
    }

    private static VendorError of(JsonNode answer) {
        JsonNode error = Json.present(answer, "error").orElse(answer);
        if (error.isValueNode()) {
            return new VendorError(cut(error.asText()), "", Json.text(answer, "error_type"), "");
        }
        String message = Json.text(error, "message");
        if (message.isEmpty()) {
            message = Json.present(answer, "detail")
                    .or(() -> Json.present(answer, "message"))
                    .map(detail -> detail.isTextual() ? detail.textValue() : detail.toString())
                    .orElse("");
        }
        String code = Json.present(error, "innererror")
                .map(inner -> Json.text(inner, "code"))
                .filter(inner -> !inner.isEmpty())
                .orElse(Json.text(error, "code"));
        return new VendorError(cut(message), code, Json.text(error, "type"), Json.text(error, "param"));
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + " ...";
    }

    /** The code, or else the type. */
    public String vendorCode() {
        return code.isEmpty() ? type : code;
    }
}
