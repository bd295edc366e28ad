package forge.ai.runtime.monitoring;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.resources.Resource;
import java.util.UUID;

/** Says of whom metrics and traces are. */
final class Origin {

    static final String NAME = "forge.ai";

    private Origin() {}

    static Resource resource(String version) {
        return Resource.create(Attributes.of(
                AttributeKey.stringKey("service.name"),
                "forge-ai-runtime",
                AttributeKey.stringKey("service.version"),
                version,
                AttributeKey.stringKey("service.instance.id"),
                UUID.randomUUID().toString()));
    }
}
