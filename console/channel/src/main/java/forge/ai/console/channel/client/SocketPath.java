package forge.ai.console.channel.client;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The path of a socket, short enough for the kernel: an address holds about 100 bytes. Where the path has more it leads
 * through a symbolic link, which is gone when this is closed.
 */
public final class SocketPath implements AutoCloseable {

    /** The name of the socket in the folder {@code data} of a home folder. */
    public static final String NAME = "forge.sock";

    // Linux takes 107 bytes, macOS 103.
    private static final int LIMIT = 103;

    private final Path path;
    private final List<Path> temporary;

    private SocketPath(Path path, List<Path> temporary) {
        this.path = path;
        this.temporary = temporary;
    }

    /**
     * A path for a file in a folder.
     *
     * @throws IOException if the path is too long and no folder for temporary files allows for a shorter one
     */
    public static SocketPath of(Path folder, String name) throws IOException {
        Path direct = folder.toAbsolutePath().resolve(name);
        return length(direct) <= LIMIT ? new SocketPath(direct, List.of()) : linked(folder, name);
    }

    private static SocketPath linked(Path folder, String name) throws IOException {
        List<Path> places = Stream.of(System.getProperty("java.io.tmpdir"), "/tmp", "/dev/shm")
                .map(Path::of)
                .filter(place -> length(place) + name.length() + 32 <= LIMIT && Files.isWritable(place))
                .toList();
        if (places.isEmpty()) {
            throw new IOException("the path " + folder.resolve(name) + " has more than the " + LIMIT
                    + " bytes of a socket's address; choose a home folder with a shorter path");
        }
        // Open to the owner alone, so that nobody can put another link in.
        Path own = Files.createTempDirectory(places.get(0), "forge");
        Path link = own.resolve("d");
        try {
            Files.createSymbolicLink(link, folder.toAbsolutePath());
            return new SocketPath(link.resolve(name), List.of(link, own));
        } catch (IOException e) {
            Files.delete(own);
            throw e;
        }
    }

    private static int length(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    /** The path as an address; good until this is closed. */
    public UnixDomainSocketAddress address() {
        return UnixDomainSocketAddress.of(path);
    }

    @Override
    public void close() throws IOException {
        for (Path file : temporary) {
            Files.deleteIfExists(file);
        }
    }
}
