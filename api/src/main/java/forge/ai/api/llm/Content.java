package forge.ai.api.llm;

import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** A piece of what is said. What has no common form among vendors travels as {@link Extension}. */
public sealed interface Content {

    /** The texts among the content, one after the other. */
    static String text(List<Content> content) {
        return content.stream()
                .filter(Text.class::isInstance)
                .map(c -> ((Text) c).text())
                .collect(Collectors.joining());
    }

    /** Plain text. */
    record Text(String text) implements Content {
        public Text {
            Objects.requireNonNull(text, "text");
        }
    }

    /**
     * A picture by its address.
     *
     * @param detail how closely to look, in the vendor's words, or empty
     */
    record ImageLink(URI uri, String detail) implements Content {
        public ImageLink {
            Objects.requireNonNull(uri, "uri");
            Objects.requireNonNull(detail, "detail");
        }
    }

    /**
     * A picture itself.
     *
     * @param mediaType such as {@code image/png}
     * @param base64 its bytes in Base64
     * @param detail how closely to look, in the vendor's words, or empty
     */
    record Image(String mediaType, String base64, String detail) implements Content {
        public Image {
            Objects.requireNonNull(mediaType, "mediaType");
            Objects.requireNonNull(base64, "base64");
            Objects.requireNonNull(detail, "detail");
        }
    }

    /**
     * The assistant asks for a tool to be run.
     *
     * @param id by which the result refers to the call
     * @param name the tool
     * @param arguments a JSON object as text
     */
    record ToolCall(String id, String name, String arguments) implements Content {
        public ToolCall {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(arguments, "arguments");
        }
    }

    /**
     * What a tool gave.
     *
     * @param id the {@link ToolCall#id} that it answers
     * @param content text and pictures
     * @param error whether the tool failed; the content then says why
     */
    record ToolResult(String id, List<Content> content, boolean error) implements Content {
        public ToolResult {
            Objects.requireNonNull(id, "id");
            content = List.copyOf(content);
        }
    }

    /**
     * What the model thought before it spoke. To be handed back unchanged with the next turn.
     *
     * @param text the thought, or empty where it is hidden
     * @param signature the vendor's proof of it, or empty
     * @param redacted the encrypted thought where it is hidden, or empty
     */
    record Thinking(String text, String signature, String redacted) implements Content {
        public Thinking {
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(signature, "signature");
            Objects.requireNonNull(redacted, "redacted");
        }

        public static Thinking of(String text) {
            return new Thinking(text, "", "");
        }
    }

    /** The model's own words for not answering. */
    record Refusal(String text) implements Content {
        public Refusal {
            Objects.requireNonNull(text, "text");
        }
    }

    /**
     * What stands before this may be kept by the vendor for the next request.
     *
     * @param ttl how long, in the vendor's words, or empty
     */
    record CachePoint(String ttl) implements Content {
        public CachePoint {
            Objects.requireNonNull(ttl, "ttl");
        }
    }

    /**
     * A piece that only one dialect knows; sent to another it is {@link forge.ai.api.UnsupportedException}.
     *
     * @param dialect whose, such as {@code openai}
     * @param json the piece as it stood
     */
    record Extension(String dialect, String json) implements Content {
        public Extension {
            Objects.requireNonNull(dialect, "dialect");
            Objects.requireNonNull(json, "json");
        }
    }
}
