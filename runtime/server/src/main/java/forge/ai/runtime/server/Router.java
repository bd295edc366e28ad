package forge.ai.runtime.server;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Finds who answers a request. */
final class Router {

    /**
     * Who answers.
     *
     * @param route the form of the path, or empty if no route has it
     * @param variables the values of the variables of the path
     */
    record Match(Dialect dialect, Handler handler, String route, Map<String, String> variables) {}

    private static final int LONGEST = 2048;

    private record Entry(Dialect dialect, Route route) {}

    private final List<Entry> entries;
    private final Map<String, Entry> literal;

    Router(List<Dialect> dialects) {
        entries = dialects.stream()
                .flatMap(d -> d.routes().stream().map(r -> new Entry(d, r)))
                // Those that want a header first; the order is else as it was.
                .sorted(Comparator.comparing(e -> e.route().header().isEmpty()))
                .toList();
        Set<List<String>> shared = entries.stream()
                .map(Entry::route)
                .filter(r -> !r.header().isEmpty())
                .map(Route::segments)
                .collect(Collectors.toSet());
        literal = new HashMap<>(entries.stream()
                .filter(e -> e.route().segments().stream().noneMatch(s -> s.startsWith("{")))
                .filter(e -> !shared.contains(e.route().segments()))
                .collect(Collectors.toMap(
                        e -> e.route().method() + " /"
                                + String.join("/", e.route().segments()),
                        e -> e)));
    }

    /**
     * @param path as the client sent it, still encoded, without its query
     * @param headers says which headers the request has
     */
    Match find(String method, String path, Predicate<String> headers) {
        Entry direct = literal.get(method + " " + path);
        return direct == null
                ? search(method, decode(path), headers)
                : new Match(direct.dialect(), direct.route().handler(), path, Map.of());
    }

    /** Each segment is decoded by itself, so that an encoded slash is part of a name and no separator. */
    private static List<String> decode(String path) {
        if (!path.startsWith("/") || path.length() > LONGEST) {
            return List.of("");
        }
        try {
            return Route.split(path).stream()
                    .map(s -> s.indexOf('%') < 0 ? s : URLDecoder.decode(s.replace("+", "%2B"), StandardCharsets.UTF_8))
                    .toList();
        } catch (IllegalArgumentException e) {
            return Route.split(path);
        }
    }

    private Match search(String method, List<String> path, Predicate<String> headers) {
        TreeSet<String> allowed = new TreeSet<>();
        for (Entry entry : entries) {
            Optional<Map<String, String>> values = entry.route().match(path);
            boolean meant = entry.route().header().isEmpty()
                    || headers.test(entry.route().header());
            if (values.isPresent()
                    && meant
                    && entry.route().method().equals(method)
                    && entry.route().condition().test(values.get())) {
                return new Match(
                        entry.dialect(), entry.route().handler(), entry.route().path(), values.get());
            }
            values.ifPresent(v -> allowed.add(entry.route().method()));
        }
        Refusal refusal = allowed.isEmpty() ? Refusal.noSuchPath(path) : Refusal.wrongMethod(method, allowed);
        return new Match(
                closest(path, headers),
                exchange -> {
                    throw refusal;
                },
                "",
                Map.of());
    }

    private Dialect closest(List<String> path, Predicate<String> headers) {
        return entries.stream()
                .filter(e ->
                        e.route().header().isEmpty() || headers.test(e.route().header()))
                .max(Comparator.comparingInt(e -> e.route().closeness(path)))
                .orElseThrow()
                .dialect();
    }
}
