package forge.ai.console.shell;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnavailableException;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceResult;
import forge.ai.api.inference.InferenceService;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.model.ModelStatus;
import forge.ai.api.model.VersionSelector;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.support.tensor.TensorReader;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ai:infer}: computes with a model of the repository. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=infer"})
public final class InferCommand implements ShellCommand {

    private final InferenceService inference;
    private final ModelRegistry registry;

    @Activate
    public InferCommand(@Reference InferenceService inference, @Reference ModelRegistry registry) {
        this.inference = inference;
        this.registry = registry;
    }

    @Override
    public Usage usage() {
        return Usage.of(
                "infer",
                "[--json] [--version N|LABEL] MODEL JSON",
                "computes with a model; JSON is {\"INPUT\": values, ...}, the values alone where there is one input,"
                        + " or a request of the Open Inference Protocol");
    }

    @Override
    public void run(Call call) {
        Words words = call.words();
        String model = words.value("MODEL");
        VersionSelector version =
                words.option("--version").map(InferCommand::version).orElse(VersionSelector.DEFAULT);
        Map<String, Tensor> inputs = TensorReader.inputs(json(words.value("JSON")), signature(model, version));
        InferenceResult result =
                inference.infer(InferenceRequest.of(model, inputs).withVersion(version));
        if (words.has("--json")) {
            call.output().json(json -> write(json, result));
        } else {
            result.outputs()
                    .forEach((name, tensor) -> call.output()
                            .line(TensorText.line(name, tensor, call.output().columns())));
        }
    }

    private static VersionSelector version(String text) {
        return text.matches("\\d{1,18}") ? VersionSelector.of(Long.parseLong(text)) : VersionSelector.labelled(text);
    }

    private ModelSignature signature(String model, VersionSelector version) {
        ModelStatus status = registry.model(model, version);
        if (status.signature().isEmpty()) {
            throw new UnavailableException(
                    model + " is " + status.state() + (status.reason().isEmpty() ? "" : ": " + status.reason()));
        }
        return inference.signature(model, VersionSelector.of(status.version()));
    }

    private JsonNode json(String text) {
        try {
            return Json.read(text);
        } catch (IOException e) {
            throw new InvalidRequestException("JSON has to be one JSON value, in single quotes; " + usage().line());
        }
    }

    private static void write(JsonGenerator json, InferenceResult result) throws IOException {
        json.writeStartObject();
        json.writeStringField("model_name", result.model());
        json.writeStringField("model_version", Long.toString(result.version()));
        json.writeArrayFieldStart("outputs");
        for (Map.Entry<String, Tensor> output : result.outputs().entrySet()) {
            TensorText.write(json, output.getKey(), output.getValue());
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    @Override
    public List<String> choices(Begun begun) {
        return begun.place().equals("MODEL")
                ? registry.models().stream().map(ModelStatus::name).distinct().toList()
                : List.of();
    }
}
