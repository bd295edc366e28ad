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
        if (host != null && !loopback(host) && !trusted(host("http://" + host))) {
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

    /** The usual case, decided without taking the text apart: {@code 127.0.0.1} or {@code localhost}, with a port or not. */
    private static boolean loopback(String host) {
        int end = host.length();
        while (end > 0 && host.charAt(end - 1) >= '0' && host.charAt(end - 1) <= '9') {
            end--;
        }
        String name = end > 0 && end < host.length() && host.charAt(end - 1) == ':' ? host.substring(0, end - 1) : host;
        return name.equals("127.0.0.1") || name.equals("localhost");
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
