package forge.ai.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.llm.EmbeddingLimits;
import forge.ai.api.llm.LlmModel;
import forge.ai.runtime.support.openai.Dialect;
import forge.ai.runtime.testkit.Configs;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

    private static Settings settings(Map<String, ?> values) {
        return Settings.of(Configs.of(OpenAiProviderComponent.Config.class, values));
    }

    @Test
    void withoutValuesItIsOpenAiItself() {
        Settings settings = settings(Map.of());
        assertThat(settings.name()).isEqualTo("openai");
        assertThat(settings.endpoint().baseUrl()).isEqualTo("https://api.openai.com/v1");
        assertThat(settings.endpoint().headers()).isEmpty();
        assertThat(settings.dialect()).isEqualTo(new Dialect(true, ""));
        assertThat(settings.embeddingLimits()).isEqualTo(new EmbeddingLimits(2048, 300_000));
        assertThat(settings.models()).isEmpty();
    }

    @Test
    void allValuesAreTakenIn() {
        Settings settings = settings(Map.of(
                "name", "my-own.1",
                "baseUrl", " http://127.0.0.1:8000/v1// ",
                "apiKey", " k ",
                "organization", "o",
                "project", "p",
                "idleTimeoutMillis", 0L,
                "requestTimeoutMillis", 86_400_000L,
                "reasoningField", "reasoning",
                "models", new String[] {"a", "", "b"}));
        assertThat(settings.endpoint().baseUrl()).isEqualTo("http://127.0.0.1:8000/v1");
        assertThat(settings.endpoint().headers())
                .isEqualTo(Map.of("Authorization", "Bearer k", "OpenAI-Organization", "o", "OpenAI-Project", "p"));
        assertThat(settings.endpoint().limits().idle()).isZero();
        assertThat(settings.endpoint().limits().request()).isEqualTo(Duration.ofDays(1));
        assertThat(settings.dialect()).isEqualTo(new Dialect(false, "reasoning"));
        assertThat(settings.models()).extracting(LlmModel::id).containsExactly("a", "b");
    }

    @Test
    void chatsMayGoToTheResponses() {
        Dialect dialect =
                settings(Map.of("api", "responses", "reasoningSummary", "auto")).dialect();
        assertThat(dialect).isEqualTo(new Dialect(true, "").byResponses("auto"));
        assertThat(settings(Map.of("reasoningSummary", "auto")).dialect()).isEqualTo(new Dialect(true, ""));
    }

    @ParameterizedTest
    @CsvSource({
        "name, a/b",
        "name, ''",
        "baseUrl, ''",
        "baseUrl, ftp://host",
        "baseUrl, host:80",
        "baseUrl, http://",
        "baseUrl, http://host/v1?key=1",
        "baseUrl, http://user:secret@host/v1",
        "baseUrl, http://ho st",
        "apiKey, sec ret",
        "apiKey, secret\u00e9",
        "organization, 'a\nb'",
        "reasoningField, thoughts",
        "api, completions",
        "reasoningSummary, long",
    })
    void aWrongTextIsRefusedByItsKey(String key, String value) {
        assertThatThrownBy(() -> settings(Map.of(key, value)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("forge.ai.provider.openai")
                .hasMessageContaining(key)
                .hasMessageContaining("allowed")
                .hasMessageNotContaining("sec");
    }

    @ParameterizedTest
    @CsvSource({
        "connectTimeoutMillis, -1",
        "firstTokenTimeoutMillis, 86400001",
        "idleTimeoutMillis, -5",
        "requestTimeoutMillis, 9223372036854775807",
        "embeddingTokens, 0"
    })
    void aWrongLimitIsRefusedByItsKey(String key, long value) {
        assertThatThrownBy(() -> settings(Map.of(key, value)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(key)
                .hasMessageContaining("" + value);
    }
}
