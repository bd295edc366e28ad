package forge.ai.itest.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.itest.JsonClient;
import java.util.stream.Stream;
import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;

/** What a fresh start looks like. */
public class StartIT extends ForgeTestBase {

    @Test
    public void everyBundleIsActiveAndEveryFragmentAttached() {
        Bundle[] bundles = context.getBundles();
        assertThat(bundles).hasSizeGreaterThan(30);
        assertThat(Stream.of(bundles).filter(b -> b.getState() != expected(b))).isEmpty();
    }

    private static int expected(Bundle bundle) {
        return bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null ? Bundle.ACTIVE : Bundle.RESOLVED;
    }

    @Test
    public void healthIsGoodOverHttp() {
        assertThat(client().get("/health/live").status()).isEqualTo(200);
        JsonClient.Answer health = client().get("/health");
        assertThat(health.status()).isEqualTo(200);
        assertThat(health.body().get("status").textValue()).isEqualTo("ready");
        assertThat(health.body().get("failedDeployments")).isEmpty();
        assertThat(health.body().findValuesAsText("name")).contains("local", "digits/1", "tiny-gpt/1");
        for (JsonNode model : health.body().get("models")) {
            assertThat(model.get("status").textValue()).as(model.toString()).isEqualTo("READY");
        }
    }
}
