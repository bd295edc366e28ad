package forge.ai.runtime.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What answers one method on the paths of one form.
 *
 * @param method such as {@code POST}
 * @param segments of the path, each literal or a variable
 * @param header that a request must have, whatever its value, to be answered here; empty for none
 * @param condition on the variables of the path; where it does not hold, another route may answer
 * @param handler answers
 */
public record Route(
        String method,
        List<String> segments,
        String header,
        Predicate<Map<String, String>> condition,
        Handler handler) {

    private static final Predicate<Map<String, String>> ALWAYS = variables -> true;

    public Route {
        segments = List.copyOf(segments);
    }

    public static Route get(String path, Handler handler) {
        return new Route("GET", split(path), "", ALWAYS, handler);
    }

    /**
     * @param path such as {@code /v2/models/{model}/infer}: a segment in braces is a variable; one that ends with three
     *     dots, which must be the last, takes all that is left
     */
    public static Route post(String path, Handler handler) {
        return new Route("POST", split(path), "", ALWAYS, handler);
    }

    public static Route delete(String path, Handler handler) {
        return new Route("DELETE", split(path), "", ALWAYS, handler);
    }

    /** For requests with this header alone; it goes before a route of another dialect without. */
    public Route withHeader(String name) {
        return new Route(method, segments, name, condition, handler);
    }

    /** For requests alone whose variables of the path fulfil a condition. */
    public Route when(Predicate<Map<String, String>> value) {
        return new Route(method, segments, header, value, handler);
    }

    /** The form of the paths, as in {@code /v2/models/{model}/infer}. */
    String path() {
        return "/" + String.join("/", segments);
    }

    /** The segments of a path without its leading slash. */
    static List<String> split(String path) {
        return List.of(path.substring(1).split("/", -1));
    }

    /** The values of the variables if the path has this form. */
    Optional<Map<String, String>> match(List<String> path) {
        Map<String, String> values = new TreeMap<>();
        for (int i = 0; i < segments.size(); i++) {
            String segment = segments.get(i);
            if (i >= path.size()) {
                return Optional.empty();
            } else if (segment.endsWith("...}")) {
                values.put(segment.substring(1, segment.length() - 4), String.join("/", path.subList(i, path.size())));
                return Optional.of(values);
            } else if (segment.startsWith("{")) {
                values.put(segment.substring(1, segment.length() - 1), path.get(i));
            } else if (!segment.equals(path.get(i))) {
                return Optional.empty();
            }
        }
        return segments.size() == path.size() ? Optional.of(values) : Optional.empty();
    }

    /** How many leading segments a path shares with this form. */
    int closeness(List<String> path) {
        List<String> shared = new ArrayList<>();
        for (int i = 0; i < Math.min(path.size(), segments.size()); i++) {
            if (!segments.get(i).equals(path.get(i))) {
                break;
            }
            shared.add(path.get(i));
        }
        return shared.size();
    }
}
