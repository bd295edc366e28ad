package forge.ai.provider.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.InvalidRequestException;
import forge.ai.runtime.support.openai.Dialect;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

    private static Settings settings(Map<String, ?> more) {
        Map<String, Object> values = new HashMap<>(
                Map.of("endpoints", new String[] {"https://a.openai.azure.com"}, "apiKeys", new String[] {"k1"}));
        values.putAll(more);
        return AzureConfigs.of(values);
    }

    private static Map<String, Object> entra(Map<String, ?> more) {
        Map<String, Object> values = new HashMap<>(Map.of(
                "apiKeys",
                new String[0],
                "entra_tenant",
                "contoso.example",
                "entra_clientId",
                "app",
                "entra_clientSecret",
                "s3cret"));
        values.putAll(more);
        return values;
    }

    @Test
    void anEndpointAndAKeyAreEnough() {
        Settings settings = settings(Map.of());
        assertThat(settings.name()).isEqualTo("azure");
        assertThat(settings.v1()).isTrue();
        assertThat(settings.query()).isEmpty();
        assertThat(settings.dialect()).isEqualTo(new Dialect(true, ""));
        assertThat(settings.entra()).isEmpty();
    }

    @Test
    void allValuesAreTakenIn() {
        Settings settings = settings(Map.of(
                "name",
                "my-azure",
                "endpoints",
                new String[] {"https://a.openai.azure.com/openai/v1/", "https://b.openai.azure.com/openai", ""},
                "apiKeys",
                new String[] {"k1", " k2 "},
                "api",
                "deployments",
                "deployments",
                new String[] {"gpt-4o=prod-4o", "small=prod-mini"}));
        assertThat(settings.endpoints()).containsExactly("https://a.openai.azure.com", "https://b.openai.azure.com");
        assertThat(settings.keys()).containsExactly("k1", "k2");
        assertThat(settings.query()).isEqualTo("?api-version=2024-10-21");
        assertThat(settings.deployments()).isEqualTo(Map.of("gpt-4o", "prod-4o", "small", "prod-mini"));
        assertThat(settings.toString()).doesNotContain("k1").doesNotContain("k2");
    }

    @Test
    void chatsMayGoToTheResponses() {
        Settings settings = settings(Map.of("api", "responses", "reasoningSummary", "auto"));
        assertThat(settings.v1()).isTrue();
        assertThat(settings.dialect()).isEqualTo(new Dialect(true, "").byResponses("auto"));
    }

    @Test
    void olderVersionsOfTheInterfaceAreSpokenToInTheirWords() {
        assertThat(settings(Map.of("api", "deployments", "apiVersion", "2024-02-01"))
                        .dialect()
                        .older())
                .isTrue();
        assertThat(settings(Map.of("api", "deployments", "apiVersion", "2024-09-01-preview"))
                        .dialect()
                        .older())
                .isFalse();
        assertThat(settings(Map.of("apiVersion", "preview")).query()).isEqualTo("?api-version=preview");
    }

    @Test
    void entraTakesThePlaceOfKeys() {
        Settings settings = settings(entra(Map.of()));
        assertThat(settings.entra().orElseThrow().tokenUrl())
                .isEqualTo("https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token");
        assertThat(settings.entra().orElseThrow().scope()).isEqualTo("https://cognitiveservices.azure.com/.default");
        assertThat(settings.entra().toString()).doesNotContain("s3cret");
        assertThat(settings.toString()).doesNotContain("s3cret");
        assertThat(settings(entra(Map.of("entra_tokenUrl", "http://127.0.0.1:1/t")))
                        .entra()
                        .orElseThrow()
                        .tokenUrl())
                .isEqualTo("http://127.0.0.1:1/t");
    }

    @ParameterizedTest
    @CsvSource({
        "name, a/b, name",
        "api, v2, api",
        "apiVersion, '2024&x=1', apiVersion",
        "entra_tenant, contoso, entra",
        "entra_tokenUrl, ftp://host, entra"
    })
    void aWrongTextIsRefusedByItsKey(String method, String value, String key) {
        refused(key, Map.of(method, value));
    }

    @Test
    void wrongListsAreRefusedByTheirKey() {
        refused("endpoints", Map.of("endpoints", new String[0]));
        refused("endpoints", Map.of("endpoints", new String[] {"host"}));
        refused("endpoints", Map.of("endpoints", new String[] {"https://a/", "https://a"}));
        refused("apiKeys", Map.of("apiKeys", new String[0]));
        refused("apiKeys", Map.of("apiKeys", new String[] {"sec1", "sec2", "sec3"}));
        refused("apiKeys", Map.of("apiKeys", new String[] {"sec ret"}));
        refused("deployments", Map.of("deployments", new String[] {"model"}));
        refused("apiKeys", entra(Map.of("apiKeys", new String[] {"sec1"})));
        for (String key : List.of("entra_clientId", "entra_clientSecret", "entra_tenant")) {
            refused(key.replace('_', '.'), entra(Map.of(key, "")));
        }
        refused("entra.clientSecret", entra(Map.of("entra_clientSecret", "sec ret")));
    }

    private static void refused(String key, Map<String, ?> values) {
        assertThatThrownBy(() -> settings(values))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("forge.ai.provider.azure")
                .hasMessageContaining(key)
                .hasMessageContaining("allowed")
                .hasMessageNotContaining("sec1")
                .hasMessageNotContaining("sec ret")
                .hasMessageNotContaining("s3cret");
    }
}
