package forge.ai.runtime.server.ollama;

import forge.ai.api.llm.Content;
import forge.ai.runtime.server.Fields;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the pictures of a message, which come without saying what they are: their first bytes tell. */
final class Pictures {

    private static final int MOST = 1000;

    private static final Map<String, String> BEGINNINGS = Map.of(
            "iVBORw0KGgo", "image/png",
            "/9j/", "image/jpeg",
            "R0lGOD", "image/gif",
            "UklGR", "image/webp",
            "Qk", "image/bmp");

    private Pictures() {}

    static List<Content> read(Fields at) {
        return at.texts("images", MOST).stream()
                .<Content>map(data -> new Content.Image(
                        type(data)
                                .orElseThrow(
                                        () -> at.wrong("images", "PNG, JPEG, GIF, WebP or BMP pictures in Base64")),
                        data,
                        ""))
                .toList();
    }

    private static Optional<String> type(String base64) {
        return BEGINNINGS.entrySet().stream()
                .filter(e -> base64.startsWith(e.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
