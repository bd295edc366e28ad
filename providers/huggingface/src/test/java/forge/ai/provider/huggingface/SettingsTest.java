package forge.ai.provider.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.llm.LlmModel;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {

    @Test
    void withoutValuesItIsTheRouter() {
        Settings settings = HuggingFaceConfigs.of(Map.of());
        assertThat(settings.name()).isEqualTo("huggingface");
        assertThat(settings.router()).isEqualTo("https://router.huggingface.co");
        assertThat(settings.headers()).isEmpty();
        assertThat(settings.endpoints()).isEmpty();
    }

    @Test
    void allValuesAreTakenIn() {
        Settings settings = HuggingFaceConfigs.of(Map.of(
                "baseUrl",
                "http://127.0.0.1:1/v1/",
                "token",
                "hf_x",
                "endpoints",
                new String[] {"my/model=https://a.endpoints.huggingface.cloud/v1/", "other=https://b"},
                "models",
                new String[] {"m"}));
        assertThat(settings.router()).isEqualTo("http://127.0.0.1:1");
        assertThat(settings.headers()).isEqualTo(Map.of("Authorization", "Bearer hf_x"));
        assertThat(settings.endpoints())
                .isEqualTo(Map.of("my/model", "https://a.endpoints.huggingface.cloud", "other", "https://b"));
        assertThat(settings.models()).containsExactly(LlmModel.of("m"));
        assertThat(settings.toString()).doesNotContain("hf_x");
    }

    @Test
    void wrongValuesAreRefusedByTheirKey() {
        refused("name", Map.of("name", "a/b"));
        refused("baseUrl", Map.of("baseUrl", "host"));
        refused("token", Map.of("token", "sec ret"));
        refused("endpoints", Map.of("endpoints", new String[] {"https://a"}));
        refused("endpoints", Map.of("endpoints", new String[] {"m=ftp://a"}));
        refused("embeddingInputs", Map.of("embeddingInputs", 0));
        refused("requestTimeoutMillis", Map.of("requestTimeoutMillis", -1L));
    }

    private static void refused(String key, Map<String, ?> values) {
        assertThatThrownBy(() -> HuggingFaceConfigs.of(values))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("forge.ai.provider.huggingface")
                .hasMessageContaining(key)
                .hasMessageContaining("allowed")
                .hasMessageNotContaining("sec ret");
    }
}
