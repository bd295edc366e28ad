package forge.ai.api.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ExtensionsTest {

    @Test
    void eachDialectFindsItsOwnFieldsAlone() {
        Map<String, String> all = Map.of(
                Extensions.name("openai", "service_tier"), "\"flex\"",
                Extensions.name("anthropic", "service_tier"), "\"auto\"",
                Extensions.name("ollama", "keep_alive"), "0");

        assertThat(Extensions.of("openai", all)).isEqualTo(Map.of("service_tier", "\"flex\""));
        assertThat(Extensions.of("anthropic", all)).isEqualTo(Map.of("service_tier", "\"auto\""));
        assertThat(Extensions.of("ollama", all)).isEqualTo(Map.of("keep_alive", "0"));
    }
}
