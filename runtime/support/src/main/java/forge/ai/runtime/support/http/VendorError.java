package forge.ai.runtime.support.http;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a vendor says went wrong, whatever form it has: {@code {"error": {"message", "type", "code", "param"}}}, the same
 * without the wrapping, {@code {"error": "text"}}, {@code {"detail": ...}}, {@code {"message": ...}} or plain text.
 *
 * @param message for people, or empty
 * @param code the most exact code given, or empty
 * @param type the class of error, or empty
 * @param parameter the part of the request that is wrong, or empty
 * @param extensions what else is known to be of use to the caller: name and JSON value as text
 */
public record VendorError(String message, String code, String type, String parameter, Map<String, String> extensions) {

    private static final int MAX_TEXT = 1000;

    /** No others: what a vendor says besides may hold a piece of the request. */
    private static final List<String> OF_USE =
            List.of("content_filter_result", "content_filter_results", "estimated_time");

    public VendorError {
        extensions = Map.copyOf(extensions);
    }

    public VendorError(String message, String code, String type, String parameter) {
        this(message, code, type, parameter, Map.of());
    }

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
            return ofText(error.asText(), answer);
        }
        String message = Json.text(error, "message");
        if (message.isEmpty()) {
            message = Json.present(answer, "detail")
                    .or(() -> Json.present(answer, "message"))
                    .map(detail -> detail.isTextual() ? detail.textValue() : detail.toString())
                    .orElse("");
        }
        JsonNode inner = error.path("innererror");
        String code = Json.text(inner, "code").isEmpty() ? Json.text(error, "code") : Json.text(inner, "code");
        return new VendorError(
                cut(message),
                code,
                Json.text(error, "type"),
                Json.text(error, "param"),
                extensions(answer, error, inner));
    }

    /** The error as one text, of OAuth (RFC 6749, 5.2) with a description beside it. */
    private static VendorError ofText(String error, JsonNode answer) {
        String description = Json.text(answer, "error_description");
        return description.isEmpty()
                ? new VendorError(cut(error), "", Json.text(answer, "error_type"), "", extensions(answer))
                : new VendorError(cut(description), error, "", "");
    }

    private static Map<String, String> extensions(JsonNode... places) {
        Map<String, String> found = new HashMap<>();
        for (JsonNode place : places) {
            for (String name : OF_USE) {
                Json.present(place, name)
                        .map(JsonNode::toString)
                        .filter(value -> value.length() <= MAX_TEXT)
                        .ifPresent(value -> found.put(name, value));
            }
        }
        return found;
    }

    /** When the vendor thinks that it will be able to answer, where it says so. */
    public Optional<Duration> estimatedTime() {
        try {
            double seconds = Double.parseDouble(extensions.getOrDefault("estimated_time", "-1"));
            return seconds >= 0 && seconds < 1e6
                    ? Optional.of(Duration.ofMillis((long) Math.ceil(seconds * 1000)))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + " ...";
    }

    /** The code, or else the type. */
    public String vendorCode() {
        return code.isEmpty() ? type : code;
    }
}
