package forge.ai.runtime.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/**
 * Where to listen.
 *
 * @param host a name or an address
 * @param port 0 takes a free one
 */
record Address(String host, int port) {

    static Address parse(String option, String text) {
        int colon = text.lastIndexOf(':');
        try {
            if (colon > 0) {
                String host = text.substring(0, colon).replaceAll("^\\[|]$", "");
                int port = Integer.parseInt(text.substring(colon + 1));
                if (port >= 0 && port <= 65_535) {
                    return new Address(host, port);
                }
            }
        } catch (NumberFormatException e) {
            // Said below, as for a missing port.
        }
        throw Exit.failed(option + " " + text + " is not HOST:PORT, as in 127.0.0.1:8080");
    }

    /**
     * Listens there, to find out whether one can before anything else is started.
     *
     * @param option the one that chooses another address
     * @throws Exit with the status for an address that is taken
     */
    ServerSocket listen(String option) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), port), 1);
            return socket;
        } catch (UnknownHostException e) {
            throw Exit.failed("the host " + host + " is not known");
        } catch (IOException e) {
            throw new Exit(
                    Exit.ADDRESS_TAKEN,
                    "cannot listen on " + this + ": " + e.getMessage() + "; choose another with " + option
                            + " HOST:PORT");
        }
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
