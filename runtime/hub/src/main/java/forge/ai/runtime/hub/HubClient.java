package forge.ai.runtime.hub;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import forge.ai.api.ResourceExhaustedException;
import forge.ai.runtime.support.http.Endpoint;
import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.HttpStream;
import forge.ai.runtime.support.http.HttpUpstream;
import forge.ai.runtime.support.http.UpstreamErrors;
import forge.ai.runtime.support.http.UpstreamRequest;
import forge.ai.runtime.support.json.Json;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Asks a hub. The token goes to the hub alone, whatever host it sends to. */
final class HubClient {

    private static final String NAME = "hub";
    private static final int MOST_REDIRECTS = 5;
    private static final int MOST_FILES = 10_000;
    private static final Pattern NEXT = Pattern.compile("<([^>]+)>\\s*;\\s*rel=\"next\"");

    private final HttpUpstream upstream;
    private final Settings settings;
    private final URI hub;
    private final String repository;

    HubClient(HttpUpstream upstream, Settings settings, String repository) {
        this.upstream = upstream;
        this.settings = settings;
        this.hub = URI.create(settings.url());
        this.repository = repository;
    }

    /** The commit that a revision stands for. */
    String commit(String revision) {
        URI address = at("/api/models/" + repository + "/revision/" + encoded(revision));
        String commit = Json.text(json(address, "revision '" + revision + "'").root(), "sha");
        if (!commit.matches("[0-9a-f]{40,64}")) {
            throw errors(address).protocol("a model without its commit");
        }
        return commit;
    }

    private record Document(JsonNode root, HttpAnswer answer, URI from) {}

    /** All files of a commit. */
    List<HubFile> files(String commit) {
        List<HubFile> files = new ArrayList<>();
        Optional<URI> page = Optional.of(at("/api/models/" + repository + "/tree/" + commit + "?recursive=true"));
        while (page.isPresent()) {
            Document document = json(page.get(), "the files");
            if (!document.root().isArray()) {
                throw errors(document.from()).protocol("a list of files that is none", document.answer());
            }
            for (JsonNode entry : document.root()) {
                if (Json.text(entry, "type").equals("file")) {
                    files.add(file(entry, document));
                }
            }
            if (files.size() > MOST_FILES) {
                throw new ResourceExhaustedException(repository + " has more than " + MOST_FILES + " files");
            }
            page = next(document);
        }
        return files;
    }

    private HubFile file(JsonNode entry, Document document) {
        try {
            return HubFile.of(entry);
        } catch (IllegalArgumentException e) {
            throw errors(document.from()).protocol("a list of files that is not safe: " + e.getMessage());
        }
    }

    private Optional<URI> next(Document document) {
        Matcher link = NEXT.matcher(document.answer().header("Link"));
        return link.find() ? Optional.of(resolve(document.from(), link.group(1))) : Optional.empty();
    }

    private Document json(URI first, String what) {
        URI address = first;
        for (int i = 0; i <= MOST_REDIRECTS; i++) {
            HttpAnswer answer =
                    upstream.call(endpoint(address, 0), UpstreamRequest.get(rest(address)), settings.idle());
            if (!redirects(answer)) {
                if (!answer.successful()) {
                    throw refused(address, answer, what);
                }
                return new Document(answer.json(errors(address)), answer, address);
            }
            address = resolve(address, answer.header("Location"));
        }
        throw errors(first).protocol("more than " + MOST_REDIRECTS + " redirects");
    }

    /** An answer that has begun. */
    record Opened(HttpStream stream, HttpAnswer head) {}

    /**
     * Begins to fetch a file; success, but not always the part that was asked for: a status of 200 means all of it.
     *
     * @param from the first byte that is wanted
     */
    Opened open(String commit, HubFile file, long from) {
        URI first = at("/" + repository + "/resolve/" + commit + "/" + path(file.path()));
        URI address = first;
        for (int i = 0; i <= MOST_REDIRECTS; i++) {
            HttpStream stream = upstream.stream(endpoint(address, from), UpstreamRequest.get(rest(address)));
            HttpAnswer head = null;
            try {
                head = stream.awaitAnswer(settings.idle());
                if (!redirects(head) && !head.successful()) {
                    throw refused(address, stream.rest(head, settings.idle()), file.path());
                }
            } finally {
                if (head == null || !head.successful()) {
                    stream.close();
                }
            }
            if (head.successful()) {
                return new Opened(stream, head);
            }
            address = resolve(address, head.header("Location"));
        }
        throw errors(first).protocol("more than " + MOST_REDIRECTS + " redirects");
    }

    private static boolean redirects(HttpAnswer answer) {
        return answer.status() / 100 == 3 && !answer.header("Location").isEmpty();
    }

    private URI resolve(URI from, String location) {
        URI to;
        try {
            to = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw errors(from).protocol("a redirect to something that is no address");
        }
        boolean secret = "https".equalsIgnoreCase(to.getScheme());
        boolean open = "http".equalsIgnoreCase(to.getScheme()) && !"https".equalsIgnoreCase(from.getScheme());
        if (to.getHost() == null || to.getUserInfo() != null || !(secret || open)) {
            throw errors(from).protocol("a redirect to where this runtime does not follow");
        }
        return to;
    }

    private ForgeException refused(URI address, HttpAnswer answer, String what) {
        ForgeException error = errors(address).status(answer);
        boolean token = !settings.token().isEmpty();
        String hint = switch (answer.status()) {
            case 401 ->
                token
                        ? "the hub does not take the token of " + HuggingFaceHub.PID + ", or there is no such model"
                        : "there is no such model, or it wants a token: set token in " + HuggingFaceHub.PID;
            case 403 ->
                "access to it has to be granted: accept its terms on the hub, and set the token of that account"
                        + " in " + HuggingFaceHub.PID;
            case 404 -> "the hub has no such model, revision or file";
            default -> "the hub cannot serve it now";
        };
        return ForgeException.of(
                answer.status() == 403 ? ErrorCode.PERMISSION : error.code(),
                "%s, %s: %s (%s)".formatted(repository, what, hint, error.getMessage()),
                error.details());
    }

    UpstreamErrors errors() {
        return errors(hub);
    }

    private UpstreamErrors errors(URI address) {
        return new UpstreamErrors(endpoint(address, 0));
    }

    private Endpoint endpoint(URI address, long from) {
        Map<String, String> headers = new HashMap<>();
        if (!settings.token().isEmpty() && origin(address).equals(origin(hub))) {
            headers.put("Authorization", "Bearer " + settings.token());
        }
        if (from > 0) {
            headers.put("Range", "bytes=" + from + "-");
        }
        return new Endpoint(NAME, origin(address), headers, settings.limits(), settings.secrets());
    }

    private static String origin(URI address) {
        return address.getScheme().toLowerCase(java.util.Locale.ROOT) + "://" + address.getRawAuthority();
    }

    private static String rest(URI address) {
        return address.getRawPath() + (address.getRawQuery() == null ? "" : "?" + address.getRawQuery());
    }

    private URI at(String path) {
        return URI.create(settings.url() + path);
    }

    private static String path(String path) {
        return Stream.of(path.split("/")).map(HubClient::encoded).collect(Collectors.joining("/"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
