package forge.ai.runtime.support.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.InvalidRequestException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ConfigCheckTest {

    private final ConfigCheck check = new ConfigCheck("a.pid");

    private static void refused(String message, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("a.pid: ")
                .hasMessageContaining(message)
                .hasMessageContaining("allowed: ");
    }

    @Test
    void goodValuesAreTakenAsTheyAre() {
        assertThat(check.name("a.B_c-1")).isEqualTo("a.B_c-1");
        assertThat(check.address("url", " https://h:1/v1// ")).isEqualTo("https://h:1/v1");
        assertThat(check.limit("t", 86_400_000)).isEqualTo(Duration.ofDays(1));
        assertThat(check.limits(1, 2, 3, 0).request()).isZero();
        assertThat(check.token("k", " abc ")).isEqualTo("abc");
        assertThat(check.word("w", " b", List.of("", "b"))).isEqualTo("b");
        assertThat(check.pairs("m", "a=b", " ", " c = d=e ")).isEqualTo(Map.of("a", "b", "c", "d=e"));
    }

    @Test
    void othersAreRefusedByTheirKey() {
        refused("name = a/b", () -> check.name("a/b"));
        refused("url = ftp://h", () -> check.address("url", "ftp://h"));
        refused("url = http://***@h", () -> check.address("url", "http://me:secret@h"));
        refused("idleTimeoutMillis = -1", () -> check.limits(1, 1, -1, 1));
        refused("k = (not shown)", () -> check.token("k", "sec ret"));
        refused("allowed: empty, b", () -> check.word("w", "c", List.of("", "b")));
        refused("m = ab", () -> check.pairs("m", "ab"));
        refused("m = =b", () -> check.pairs("m", "=b"));
        refused("m = a=", () -> check.pairs("m", "a="));
        refused("each name once", () -> check.pairs("m", "a=b", "a=c"));
    }
}
