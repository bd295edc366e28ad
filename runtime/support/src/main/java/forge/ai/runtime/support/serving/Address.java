package forge.ai.runtime.support.serving;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;

/**
 * Where to listen.
 *
 * @param host a name or address of this machine's loopback
 * @param port 0 for any that is free
 */
public record Address(String host, int port) {

    /** Property of the service of the class {@link URI} that is a server's address: {@code http}, {@code grpc}. */
    public static final String PROTOCOL = "forge.ai.server.protocol";

    /**
     * Reads {@code HOST:PORT}.
     *
     * @param key of the configuration, for errors
     * @throws IllegalArgumentException if it is something else, or not the loopback
     */
    public static Address of(String key, String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 1 ? "" : text.substring(0, colon).replaceAll("^\\[(.*)]$", "$1");
        int port;
        try {
            port = Integer.parseInt(text.substring(colon + 1));
        } catch (NumberFormatException e) {
            port = -1;
        }
        if (host.isEmpty() || port < 0 || port > 65_535) {
            throw new IllegalArgumentException(
                    key + " = " + text + " is refused; allowed: HOST:PORT, as in 127.0.0.1:8080, port 0 for any");
        }
        if (!loopback(host)) {
            throw new IllegalArgumentException(
                    key + " = " + text + " is refused: the server has no authentication, so it"
                            + " listens on this machine's loopback alone; allowed: 127.0.0.1, ::1, localhost");
        }
        return new Address(host, port);
    }

    private static boolean loopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /**
     * This address with a port that was free a moment ago.
     *
     * @throws IOException if the port is taken
     */
    public Address free() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(host, port));
            return new Address(host, socket.getLocalPort());
        } catch (IOException e) {
            throw new IOException("cannot listen on " + this + ": " + e.getMessage(), e);
        }
    }

    /** With the name of a protocol in front. */
    public URI uri(String protocol) {
        return URI.create(protocol + "://" + this);
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
