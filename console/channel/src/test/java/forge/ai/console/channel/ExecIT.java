package forge.ai.console.channel;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.console.channel.Runtime.Answer;
import forge.ai.console.channel.client.Frame;
import forge.ai.console.channel.client.SocketPath;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The built bundle in a framework, asked through its socket. */
@Timeout(120)
class ExecIT {

    @TempDir
    private Path folder;

    @Test
    void answersGoToTheirStreamsAndTheStatusSaysHowItEnded() throws Exception {
        try (Runtime runtime = Runtime.start(folder)) {
            assertThat(runtime.exec("sample:say 'grüße ☃'")).isEqualTo(new Answer(0, "grüße ☃\n", ""));
            assertThat(runtime.exec("sample:quiet")).isEqualTo(new Answer(0, "", ""));
            assertThat(runtime.exec("sample:both")).isEqualTo(new Answer(0, "to out\n", "to err\n"));
            assertThat(runtime.exec("sample:width")).isEqualTo(new Answer(0, "100\n", ""));
            assertThat(runtime.exec("sample:fail 'no luck'")).isEqualTo(new Answer(1, "", "error: no luck and more\n"));
            assertThat(runtime.exec("sample:nothing"))
                    .isEqualTo(new Answer(
                            1, "", "error: there is no command sample:nothing; help lists those there are\n"));
            assertThat(runtime.exec("say 'unclosed").status()).isEqualTo(1);
            assertThat(runtime.exec("sample:say a; sample:both").out()).isEqualTo("to out\n");
        }
    }

    @Test
    void commandsArePipedThroughThoseOfGogo() throws Exception {
        try (Runtime runtime = Runtime.start(folder)) {
            assertThat(runtime.exec("sample:flood 20 | grep 'line 1' | wc -l")
                            .out()
                            .strip())
                    .isEqualTo("11");
            assertThat(runtime.exec("sample:flood 3 | grep 2")).isEqualTo(new Answer(0, "line 2\n", ""));
            assertThat(runtime.exec("sample:flood 3 | grep nothing").status()).isEqualTo(1);
            assertThat(runtime.exec("each [a b] { sample:say $it }").status()).isZero();
            assertThat(runtime.exec("echo here > '" + folder + "/file'").status())
                    .isZero();
            assertThat(runtime.exec("cat '" + folder + "/file' | tail -n 1").out())
                    .isEqualTo("here\n");
            assertThat(runtime.exec("pwd").out().strip())
                    .isEqualTo(Path.of("").toAbsolutePath().toString());
        }
    }

    @Test
    void muchOutputAndLongCommandsComeWhole() throws Exception {
        try (Runtime runtime = Runtime.start(folder)) {
            String[] lines = runtime.exec("sample:flood 300000").out().split("\n");
            assertThat(lines).hasSize(300_000);
            assertThat(lines[299_999]).isEqualTo("line 299999");
            String text = "x".repeat(Frame.COMMAND_LIMIT - 100);
            assertThat(runtime.exec("sample:length " + text).out()).isEqualTo(text.length() + "\n");
            assertThat(runtime.exec("x".repeat(Frame.COMMAND_LIMIT + 1)).err())
                    .isEqualTo("error: a command has at most 1048576 bytes\n");
        }
    }

    @Test
    void onlyTheOwnerCanOpenTheSocketAndItGoesWithTheRuntime() throws Exception {
        Path socket;
        try (Runtime runtime = Runtime.start(folder)) {
            socket = runtime.socket();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.getParent())))
                    .isEqualTo("rwx------");
        }
        assertThat(socket).doesNotExist();
        assertThat(Runtime.exec(folder, "sample:quiet"))
                .isEqualTo(new Answer(1, "", "no runtime is running in " + folder + "\n"));
    }

    @Test
    void theSocketOfAKilledRuntimeIsReplaced() throws Exception {
        Path data = Files.createDirectories(folder.resolve("data"));
        try (SocketPath path = SocketPath.of(data, SocketPath.NAME);
                ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            left.bind(path.address());
        }
        assertThat(Runtime.exec(folder, "sample:quiet").err()).startsWith("no runtime is running in");
        try (Runtime runtime = Runtime.start(folder)) {
            Runtime.await(() -> runtime.exec("sample:say here").out().equals("here\n"));
        }
    }

    @Test
    void aHomeFolderWithALongPathServesToo() throws Exception {
        Path deep = folder.resolve("long-".repeat(20)).resolve("folder-".repeat(15));
        try (Runtime runtime = Runtime.start(deep)) {
            assertThat(runtime.exec("sample:say here")).isEqualTo(new Answer(0, "here\n", ""));
        }
        assertThat(Runtime.exec(deep, "sample:quiet").err()).startsWith("no runtime is running in");
    }

    @Test
    void aClientThatClosesCancelsItsCommand() throws Exception {
        System.clearProperty("sample.interrupted");
        try (Runtime runtime = Runtime.start(folder)) {
            SocketChannel client = hang(runtime);
            assertThat(System.getProperty("sample.interrupted")).isNull();
            client.close();
            Runtime.await(() -> "yes".equals(System.getProperty("sample.interrupted")));
        }
    }

    @Test
    void stoppingTheRuntimeCancelsCommands() throws Exception {
        System.clearProperty("sample.interrupted");
        SocketChannel client;
        try (Runtime runtime = Runtime.start(folder)) {
            client = hang(runtime);
        }
        assertThat(System.getProperty("sample.interrupted")).isEqualTo("yes");
        client.close();
    }

    @Test
    void oneClientTooManyIsToldSoAndServedWhenAnotherIsThrough() throws Exception {
        try (Runtime runtime = Runtime.start(folder)) {
            List<SocketChannel> clients = new ArrayList<>();
            for (int i = 0; i < ConsoleServer.CLIENTS; i++) {
                clients.add(hang(runtime));
            }
            assertThat(runtime.exec("sample:quiet"))
                    .isEqualTo(new Answer(
                            1, "", "error: the runtime serves 16 consoles already; try again when one is through\n"));
            clients.removeFirst().close();
            Runtime.await(() -> runtime.exec("sample:quiet").status() == 0);
            for (SocketChannel client : clients) {
                client.close();
            }
        }
    }

    @Test
    void whoSpeaksAnotherProtocolIsTurnedAway() throws Exception {
        try (Runtime runtime = Runtime.start(folder);
                SocketChannel client = connect(runtime, "sing 80\n")) {
            DataInputStream in = new DataInputStream(Channels.newInputStream(client));
            assertThat(new String(Frame.read(in).orElseThrow().data(), StandardCharsets.UTF_8))
                    .contains("does not know 'sing'");
            assertThat(Frame.read(in).orElseThrow().data()).containsExactly(1);
            assertThat(Frame.read(in)).isEmpty();
        }
    }

    /** A client whose command does not end, at the moment it said so. */
    private static SocketChannel hang(Runtime runtime) throws IOException {
        SocketChannel client = connect(runtime, "exec 80 %2F\n");
        new Frame(Frame.Kind.COMMAND, "sample:hang".getBytes(StandardCharsets.UTF_8))
                .write(new DataOutputStream(Channels.newOutputStream(client)));
        DataInputStream in = new DataInputStream(Channels.newInputStream(client));
        assertThat(new String(Frame.read(in).orElseThrow().data(), StandardCharsets.UTF_8))
                .startsWith("hanging");
        return client;
    }

    private static SocketChannel connect(Runtime runtime, String header) throws IOException {
        try (SocketPath path = SocketPath.of(runtime.home().resolve("data"), SocketPath.NAME)) {
            SocketChannel client = SocketChannel.open(path.address());
            Channels.newOutputStream(client).write(header.getBytes(StandardCharsets.US_ASCII));
            return client;
        }
    }
}
