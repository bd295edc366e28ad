package forge.ai.provider.azure;

import java.util.Map;

class AzureDeploymentsContractTest extends AzureContractTest {

    @Override
    Map<String, ?> values() {
        return Map.of("api", "deployments");
    }
}
