package forge.ai.console.channel;

import forge.ai.console.channel.client.SocketPath;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.UUID;

/** The socket in the folder {@code data}, which only the owner of the folder can open. */
final class ListeningSocket implements AutoCloseable {

    private final Path file;
    private final Object key;
    private final ServerSocketChannel channel;

    private ListeningSocket(Path file, Object key, ServerSocketChannel channel) {
        this.file = file;
        this.key = key;
        this.channel = channel;
    }

    /**
     * Makes the socket, in the place of one that is there: that of a killed runtime, or of the bundle that this one
     * replaces.
     */
    static ListeningSocket open(Path data) throws IOException {
        Files.createDirectories(data);
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
        // Under a name that nobody connects to until the permissions are right; also, renaming replaces in one step.
        String name = "." + UUID.randomUUID().toString().substring(0, 8);
        Path fresh = data.resolve(name);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try (SocketPath path = SocketPath.of(data, name)) {
            channel.bind(path.address());
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
            Object key = key(fresh);
            Path file = data.resolve(SocketPath.NAME);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            return new ListeningSocket(file, key, channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            Files.deleteIfExists(fresh);
            throw e;
        }
    }

    private static Object key(Path file) throws IOException {
        return Objects.requireNonNull(
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .fileKey(),
                "a file system without file keys");
    }

    SocketChannel accept() throws IOException {
        return channel.accept();
    }

    /** Closes the socket; its file goes too, unless another socket has taken its place. */
    @Override
    public void close() throws IOException {
        channel.close();
        try {
            if (key(file).equals(key)) {
                Files.delete(file);
            }
        } catch (NoSuchFileException e) {
            // Somebody was quicker.
        }
    }
}
