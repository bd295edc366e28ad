package forge.ai.itest.dialects;

import forge.ai.api.llm.Content;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** Tells the two pictures that LangChain4j's tests send from each other: bytes are compared whole, links by their name. */
final class Pictures {

    private Pictures() {}

    /** One of the two, as its tests' jar holds it. */
    static String base64(String name) {
        try (InputStream in = Pictures.class.getResourceAsStream("/images/" + name + ".jpg")) {
            return Base64.getEncoder().encodeToString(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean in(List<Content> content) {
        return content.stream().anyMatch(c -> c instanceof Content.Image || c instanceof Content.ImageLink);
    }

    /** Texts as they are, pictures by what is on them. */
    static String described(List<Content> content) {
        return content.stream().map(Pictures::described).collect(Collectors.joining(", "));
    }

    private static String described(Content content) {
        return switch (content) {
            case Content.Text text -> text.text();
            case Content.ToolResult result -> described(result.content());
            case Content.Image image when image.base64().equals(base64("cat")) -> "a cat";
            case Content.Image image when image.base64().equals(base64("dice")) -> "dice";
            case Content.ImageLink link when link.uri().getPath().endsWith("cat.jpg") -> "a cat";
            case Content.ImageLink link when link.uri().getPath().endsWith("dice.jpg") -> "dice";
            default -> "something unknown";
        };
    }
}
