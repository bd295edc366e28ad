package forge.ai.runtime.server;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.deploy.Deployment;
import forge.ai.api.deploy.DeploymentState;
import forge.ai.api.deploy.Deployments;
import forge.ai.api.llm.LlmService;
import forge.ai.api.llm.ProviderStatus;
import forge.ai.api.model.ModelRegistry;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.support.serving.Readiness;
import java.io.IOException;
import java.util.List;

/** Whether the process lives, whether it can serve, and how its parts do. */
final class Health implements Dialect {

    private final String instance;
    private final Services services;
    private final Readiness readiness;

    Health(String instance, Services services, Readiness readiness) {
        this.instance = instance;
        this.services = services;
        this.readiness = readiness;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/health", this::overview),
                Route.get("/health/live", this::live),
                Route.get("/health/ready", this::ready));
    }

    @Override
    public boolean always() {
        return true;
    }

    private void live(Exchange exchange) throws IOException {
        exchange.json(200, json -> {
            json.writeStartObject();
            json.writeStringField("status", "live");
            json.writeStringField("instance", instance);
            json.writeEndObject();
        });
    }

    private void ready(Exchange exchange) throws IOException {
        List<String> lacks = readiness.lacks();
        exchange.json(lacks.isEmpty() ? 200 : 503, json -> {
            json.writeStartObject();
            state(json, lacks);
            json.writeEndObject();
        });
    }

    private void state(JsonGenerator json, List<String> lacks) throws IOException {
        json.writeStringField("status", readiness.stopping() ? "stopping" : lacks.isEmpty() ? "ready" : "not ready");
        json.writeStringField("instance", instance);
        json.writeArrayFieldStart("waitsFor");
        for (String lack : lacks) {
            json.writeString(lack);
        }
        json.writeEndArray();
    }

    private void overview(Exchange exchange) throws IOException {
        List<String> lacks = readiness.lacks();
        exchange.json(200, json -> {
            json.writeStartObject();
            state(json, lacks);
            json.writeArrayFieldStart("providers");
            for (LlmService llm : services.llm.services()) {
                for (ProviderStatus provider : llm.providers()) {
                    part(json, provider.name(), provider.healthy() ? "healthy" : "failing", provider.reason());
                }
            }
            json.writeEndArray();
            json.writeArrayFieldStart("models");
            for (ModelRegistry registry : services.models.services()) {
                for (var model : registry.models()) {
                    part(
                            json,
                            model.name() + "/" + model.version(),
                            model.state().name(),
                            model.reason());
                }
            }
            json.writeEndArray();
            json.writeArrayFieldStart("failedDeployments");
            for (Deployments deployments : services.deployments.services()) {
                for (Deployment deployment : deployments.list()) {
                    if (deployment.state() == DeploymentState.FAILED) {
                        part(json, deployment.name(), "FAILED", deployment.reason());
                    }
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void part(JsonGenerator json, String name, String status, String reason) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", name);
        json.writeStringField("status", status);
        json.writeStringField("reason", reason);
        json.writeEndObject();
    }

    @Override
    public byte[] problem(Problem problem) {
        return Json.write(json -> {
            json.writeStartObject();
            json.writeStringField("error", problem.message());
            json.writeEndObject();
        });
    }

    @Override
    public void problem(Problem problem, BodyStream stream) {
        // Nothing here is answered piece by piece.
    }
}
