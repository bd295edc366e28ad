package forge.ai.runtime.testkit.llm;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How the events of a stream stand in its bytes, and what about these may change without changing what they say. */
public enum StreamFormat {
    /** Server-sent events with JSON in them. */
    SSE("\n\n") {
        @Override
        public Map<String, byte[]> variants(byte[] body) {
            Map<String, byte[]> all = new LinkedHashMap<>();
            String whole = join(events(body), UnaryOperator.identity());
            all.put("lines that end with CR LF", bytes(whole.replace("\n", "\r\n")));
            all.put("lines that end with CR", bytes(whole.replace("\n", "\r")));
            all.put("a byte order mark", bytes("\u00EF\u00BB\u00BF" + whole));
            all.put("comments", bytes(join(events(body), e -> e.replaceAll("(?dm)^", ": still here\n:\n"))));
            all.put("no space after the colon", bytes(join(events(body), e -> e.replaceAll("(?dm)^(\\w+): ", "$1:"))));
            all.put("unknown fields", bytes(join(events(body), e -> "id: 7\nnew: 1\nnonsense\nretry: 10\n" + e)));
            all.put(
                    "several lines of data",
                    bytes(join(events(body), e -> e.replaceAll(OBJECT, "$1\ndata:\ndata:  "))));
            all.put("unknown events", bytes(join(events(body), e -> NEW_EVENT + e)));
            all.put("unknown members", bytes(join(events(body), e -> e.replaceAll(OBJECT, "$1" + NEW_MEMBER))));
            return all;
        }
    },
    /** A line of JSON for each event. */
    NDJSON("\n") {
        @Override
        public Map<String, byte[]> variants(byte[] body) {
            Map<String, byte[]> all = new LinkedHashMap<>();
            all.put("lines that end with CR LF", bytes(join(events(body), e -> e + "\r")));
            all.put("empty lines", bytes(join(events(body), e -> "\n" + e + "\n")));
            all.put("spaces", bytes(join(events(body), e -> "  " + e + " \t")));
            all.put("unknown members", bytes(join(events(body), e -> e.replaceAll(OBJECT, "$1" + NEW_MEMBER))));
            return all;
        }
    };

    /** Of so many events the middle is looked at, and not much more; each is a call. */
    private static final int MIDDLES = 20;

    private static final String OBJECT = "(?dm)^((?:data: ?)?\\{)(?=\")";
    private static final String NEW_MEMBER = "\"something_new\":{\"deep\":[1,null,\"x\"]},";
    private static final String NEW_EVENT =
            "event: something_new\ndata: {\"type\":\"something_new\",\"note\":[{}]}\n\n";

    private final String separator;

    StreamFormat(String separator) {
        this.separator = separator;
    }

    /** The same events in other bytes, each under what is special about it. */
    public abstract Map<String, byte[]> variants(byte[] body);

    /**
     * How many bytes of a stream there may be without its being complete: all up to the end of each event but the last,
     * and up to the middle of some, the last among them.
     */
    public List<Integer> cuts(byte[] body) {
        List<Integer> cuts = new ArrayList<>(List.of(0, 1));
        List<String> events = events(body);
        int step = Math.max(1, events.size() / MIDDLES);
        int begin = 0;
        for (int i = 0; i < events.size(); i++) {
            int end = begin + events.get(i).length();
            if (i % step == 0 || i == events.size() - 1) {
                cuts.add((begin + end) / 2);
            }
            begin = end + separator.length();
            cuts.add(begin);
        }
        cuts.removeLast();
        return cuts;
    }

    // A character for each byte, so that positions are the same and what is not ASCII stays as it is. Recordings have
    // lines that end with LF.
    List<String> events(byte[] body) {
        String text = new String(body, StandardCharsets.ISO_8859_1);
        return Stream.of(text.split(separator + "\n*"))
                .filter(e -> !e.isBlank())
                .toList();
    }

    String join(List<String> events, UnaryOperator<String> change) {
        return events.stream().map(change).collect(Collectors.joining(separator, "", separator));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
