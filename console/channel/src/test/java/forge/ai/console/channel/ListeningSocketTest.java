package forge.ai.console.channel;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.console.channel.client.SocketPath;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListeningSocketTest {

    @TempDir
    private Path folder;

    @Test
    void theOneThatTookThePlaceOfAnotherStaysWhenThatCloses() throws IOException {
        Path data = folder.resolve("data");
        try (ListeningSocket old = ListeningSocket.open(data);
                ListeningSocket fresh = ListeningSocket.open(data)) {
            old.close();
            try (SocketPath path = SocketPath.of(data, SocketPath.NAME);
                    SocketChannel client = SocketChannel.open(path.address());
                    SocketChannel accepted = fresh.accept()) {
                assertThat(client.isConnected()).isTrue();
                assertThat(accepted.isConnected()).isTrue();
            }
        }
        try (Stream<Path> left = Files.list(data)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aFolderThatWasOpenToOthersIsClosedToThem() throws IOException {
        Path data = Files.createDirectory(folder.resolve("data"));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
        ListeningSocket.open(data).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                .isEqualTo("rwx------");
    }
}
