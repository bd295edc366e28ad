package forge.ai.runtime.support.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:8080", "localhost:0", "127.3.4.5:1", "[::1]:65535"})
    void takesTheLoopback(String text) {
        assertThat(Address.of("http", text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:8080", "[::]:8080", "192.168.1.7:80", "8.8.8.8:80"})
    void refusesWhatOthersCanReachAndSaysWhy(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Address.of("http", text))
                .withMessageContaining("no authentication")
                .withMessageContaining(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "8080", ":8080", "localhost", "localhost:", "localhost:65536", "localhost:-1", "a:b"})
    void refusesWhatIsNoAddress(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Address.of("http", text))
                .withMessageContaining("HOST:PORT");
    }

    @Test
    void findsAFreePortAndSaysWhichIsTaken() throws Exception {
        assertThat(Address.of("http", "127.0.0.1:0").free().port()).isPositive();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatIOException()
                    .isThrownBy(() -> new Address("127.0.0.1", taken.getLocalPort()).free())
                    .withMessageContaining("cannot listen on 127.0.0.1:" + taken.getLocalPort());
        }
    }
}
