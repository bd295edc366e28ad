package forge.ai.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.llm.LlmModel;
import forge.ai.runtime.testkit.Configs;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

    private static Settings settings(Map<String, ?> values) {
        return Settings.of(Configs.of(AnthropicProviderComponent.Config.class, values));
    }

    @Test
    void withoutValuesItIsAnthropicItself() {
        Settings settings = settings(Map.of());
        assertThat(settings.name()).isEqualTo("anthropic");
        assertThat(settings.endpoint().baseUrl()).isEqualTo("https://api.anthropic.com");
        assertThat(settings.endpoint().headers()).isEmpty();
        assertThat(settings.official()).isTrue();
        assertThat(settings.version()).isEmpty();
        assertThat(settings.betas()).isEmpty();
        assertThat(settings.maxTokens()).isEqualTo(8192);
        assertThat(settings.models()).isEmpty();
    }

    @Test
    void allValuesAreTakenIn() {
        Settings settings = settings(Map.of(
                "name",
                "my-own.1",
                "baseUrl",
                " http://127.0.0.1:8000/v1/ ",
                "apiKey",
                " k ",
                "apiVersion",
                "2026-10-21",
                "betas",
                new String[] {"a-2026", " ", "b"},
                "maxTokens",
                1,
                "idleTimeoutMillis",
                0L,
                "models",
                new String[] {"a", "", "b"}));
        assertThat(settings.endpoint().baseUrl()).isEqualTo("http://127.0.0.1:8000");
        assertThat(settings.official()).isFalse();
        assertThat(settings.endpoint().headers()).isEqualTo(Map.of("x-api-key", "k"));
        assertThat(settings.endpoint().limits().idle()).isEqualTo(Duration.ZERO);
        assertThat(settings.version()).contains(ApiVersion.V2026_10_21);
        assertThat(settings.betas()).containsExactly("a-2026", "b");
        assertThat(settings.models()).extracting(LlmModel::id).containsExactly("a", "b");
        assertThat(settings.toString()).doesNotContain("k,").doesNotContain("\"k\"");
    }

    @ParameterizedTest
    @CsvSource({
        "apiVersion, 2024-01-01, 'auto, 2023-06-01, 2026-10-21'",
        "apiVersion, '', 'auto, 2023-06-01, 2026-10-21'",
        "baseUrl, api.anthropic.com, an address with http or https",
        "name, a/b, letters"
    })
    void aWrongValueIsRefusedWithKeyValueAndWhatIsAllowed(String key, String value, String allowed) {
        assertThatThrownBy(() -> settings(Map.of(key, value)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("forge.ai.provider.anthropic: " + key + " = " + value)
                .hasMessageContaining(allowed);
    }

    @Test
    void numbersAreCheckedAndKeysNotShown() {
        for (int tokens : new int[] {0, -1, 1_000_001}) {
            assertThatThrownBy(() -> settings(Map.of("maxTokens", tokens)))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("maxTokens = " + tokens)
                    .hasMessageContaining("1 to 1000000");
        }
        assertThatThrownBy(() -> settings(Map.of("apiKey", "se cret")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("apiKey")
                .hasMessageNotContaining("cret");
    }

    @ParameterizedTest
    @CsvSource({
        "claude-3-haiku-20240307, 300",
        "claude-3-5-sonnet-20241022, 305",
        "claude-3-7-sonnet-latest, 307",
        "claude-opus-4-20250514, 400",
        "claude-sonnet-4-0, 400",
        "claude-opus-4-1-20250805, 401",
        "claude-haiku-4-5-20251001, 405",
        "claude-opus-4.6, 406",
        "us.anthropic.claude-opus-4-8-v1:0, 408",
        "claude-sonnet-5, 500",
        "claude-fable-5-1, 501",
        "claude-2.1, 201",
        "claude-latest, 0",
        "my-model-4, 0"
    })
    void aModelIsKnownByItsName(String name, int number) {
        assertThat(ClaudeModel.of(name).number()).isEqualTo(number);
    }
}
