package forge.ai.runtime.server.openinference;

import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.ModelState;
import forge.ai.api.model.ModelStatus;
import forge.ai.runtime.server.Exchange;
import forge.ai.runtime.server.Services;
import forge.ai.runtime.support.lease.Lease;
import forge.ai.runtime.support.openinference.LoadParameters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** What lies in the repository, and loading and unloading it. */
final class RepositoryCalls {

    private final Services services;

    RepositoryCalls(Services services) {
        this.services = services;
    }

    void index(Exchange exchange) throws IOException {
        boolean readyOnly = exchange.jsonOrEmpty().path("ready").asBoolean();
        List<ModelStatus> found;
        try (Lease<ModelRegistry> models = services.models()) {
            found = models.service().models().stream()
                    .filter(m -> !readyOnly || m.state() == ModelState.READY)
                    .toList();
        }
        exchange.json(200, json -> {
            json.writeStartArray();
            for (ModelStatus model : found) {
                json.writeStartObject();
                json.writeStringField("name", model.name());
                json.writeStringField("version", Long.toString(model.version()));
                json.writeStringField("state", model.state().name());
                json.writeStringField("reason", model.reason());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    void load(Exchange exchange) throws IOException {
        List<String> parameters = new ArrayList<>();
        exchange.jsonOrEmpty().path("parameters").fieldNames().forEachRemaining(parameters::add);
        LoadParameters.check(parameters);
        operate(exchange, ModelRegistry::load);
    }

    void unload(Exchange exchange) throws IOException {
        exchange.jsonOrEmpty();
        operate(exchange, ModelRegistry::unload);
    }

    private void operate(Exchange exchange, BiConsumer<ModelRegistry, String> operation) throws IOException {
        try (Lease<ModelRegistry> models = services.operatedModels(exchange)) {
            operation.accept(models.service(), exchange.variable("model"));
        }
        exchange.json(200, json -> {
            json.writeStartObject();
            json.writeEndObject();
        });
    }
}
