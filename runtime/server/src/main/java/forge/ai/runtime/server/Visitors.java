package forge.ai.runtime.server;

import forge.ai.api.ErrorCode;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages of others out: without authentication, any page that a user of this machine opens could otherwise
 * send requests through the browser, or give its own name the address of the loopback.
 */
final class Visitors {

    private Visitors() {}

    /** @throws Refusal if a browser sends the request for a page from elsewhere */
    static void check(HttpServletRequest request) {
        String host = request.getHeader("Host");
        if (host != null && !trusted(host("http://" + host))) {
            throw new Refusal(
                    403,
                    ErrorCode.PERMISSION,
                    "the host of the request is neither an address nor localhost; ask for this server by its address");
        }
        String origin = request.getHeader("Origin");
        if (origin != null && !trusted(host(origin))) {
            throw new Refusal(
                    403, ErrorCode.PERMISSION, "requests of web pages from other hosts are refused: Origin " + origin);
        }
    }

    /** An address cannot be taken over by the name service; a name can, but for those that stand for the loopback. */
    private static boolean trusted(@Nullable String host) {
        if (host == null) {
            return false;
        }
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost")
                || name.endsWith(".localhost")
                || name.startsWith("[")
                || name.matches("\\d{1,3}(\\.\\d{1,3}){3}");
    }

    private static @Nullable String host(String uri) {
        try {
            return new URI(uri).getHost();
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
