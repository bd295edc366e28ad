package forge.ai.console.channel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FrameTest {

    private static DataInputStream stream(int... bytes) {
        byte[] data = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            data[i] = (byte) bytes[i];
        }
        return new DataInputStream(new ByteArrayInputStream(data));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenIsRead(Frame.Kind kind) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new Frame(kind, new byte[] {1, 2, 3}).write(new DataOutputStream(bytes));
        assertThat(bytes.toByteArray()).containsExactly(kind.ordinal(), 0, 0, 0, 3, 1, 2, 3);
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
        Frame read = Frame.read(in).orElseThrow();
        assertThat(read.kind()).isEqualTo(kind);
        assertThat(read.data()).containsExactly(1, 2, 3);
        assertThat(Frame.read(in)).isEmpty();
    }

    @Test
    void moreThanTheLimitIsRefusedBeforeItIsRead() {
        assertThatIOException()
                .isThrownBy(() -> Frame.read(stream(1, 0, 1, 0, 1)))
                .withMessageContaining("65537");
        assertThatIOException()
                .isThrownBy(() -> Frame.read(stream(1, 255, 255, 255, 255)))
                .withMessageContaining("4294967295");
        assertThatIOException().isThrownBy(() -> Frame.read(stream(77, 0, 0, 0, 0)));
    }

    @Test
    void aFrameThatBreaksOffIsAnError() {
        assertThatExceptionOfType(EOFException.class).isThrownBy(() -> Frame.read(stream(1, 0, 0, 0, 5, 1)));
    }
}
