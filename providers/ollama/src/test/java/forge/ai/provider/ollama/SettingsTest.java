package forge.ai.provider.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.InvalidRequestException;
import forge.ai.runtime.testkit.Configs;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

    private static Settings settings(Map<String, ?> values) {
        return Settings.of(Configs.of(OllamaProviderComponent.Config.class, values));
    }

    @Test
    void withoutValuesItIsTheOllamaOfThisMachine() {
        Settings settings = settings(Map.of());
        assertThat(settings.name()).isEqualTo("ollama");
        assertThat(settings.endpoint().baseUrl()).isEqualTo("http://127.0.0.1:11434");
        assertThat(settings.endpoint().headers()).isEmpty();
        assertThat(settings.endpoint().limits().firstToken()).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.keepAlive()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "5m, '\"5m\"'",
        "1h30m, '\"1h30m\"'",
        "-1, -1",
        "0, 0",
        "300, 300",
        "1.5s, '\"1.5s\"'",
        "-1m, '\"-1m\"'",
        "' ', ''"
    })
    void howLongAModelStaysLoadedIsSecondsOrADuration(String value, String json) {
        assertThat(settings(Map.of("keepAlive", value)).keepAlive()).isEqualTo(json);
    }

    @ParameterizedTest
    @CsvSource({
        "keepAlive, soon",
        "keepAlive, 5 m",
        "keepAlive, 5d",
        "keepAlive, '\"5m\"'",
        "keepAlive, 1e3",
        "name, a/b",
        "baseUrl, localhost:11434",
        "baseUrl, http://host?x=1",
        "apiKey, sec ret"
    })
    void aWrongTextIsRefusedByItsKey(String key, String value) {
        assertThatThrownBy(() -> settings(Map.of(key, value)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("forge.ai.provider.ollama")
                .hasMessageContaining(key)
                .hasMessageContaining("allowed")
                .hasMessageNotContaining("sec ret");
    }

    @Test
    void aWrongLimitIsRefusedByItsKey() {
        assertThatThrownBy(() -> settings(Map.of("idleTimeoutMillis", -1L)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("idleTimeoutMillis");
    }
}
