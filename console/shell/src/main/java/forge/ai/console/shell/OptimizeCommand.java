package forge.ai.console.shell;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnavailableException;
import forge.ai.api.model.ModelOptimizer;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.model.ModelStatus;
import forge.ai.api.model.OptimizationReport;
import forge.ai.api.model.OptimizationRequest;
import forge.ai.api.model.VersionSelector;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.support.tensor.TensorReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ai:optimize}: makes a quicker or smaller version of a model. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=optimize"})
public final class OptimizeCommand implements ShellCommand {

    private final ModelOptimizer optimizer;
    private final ModelRegistry registry;

    @Activate
    public OptimizeCommand(@Reference ModelOptimizer optimizer, @Reference ModelRegistry registry) {
        this.optimizer = optimizer;
        this.registry = registry;
    }

    @Override
    public Usage usage() {
        return Usage.of(
                "optimize",
                "[--json] [--int8] [--version N|LABEL] [--inputs FILE] [--tolerance X] [--label LABEL] MODEL",
                "writes an optimised form of a model as its next version, if it computes the same on the inputs of FILE"
                        + " (a JSON as for ai:infer, or a list of such) or on random ones");
    }

    @Override
    public void run(Call call) throws IOException {
        Words words = call.words();
        String model = words.value("MODEL");
        VersionSelector version =
                words.option("--version").map(OptimizeCommand::version).orElse(VersionSelector.DEFAULT);
        List<Map<String, Tensor>> inputs = words.option("--inputs").isPresent()
                ? inputs(call.folder().resolve(words.option("--inputs").get()), signature(model, version))
                : List.of();
        OptimizationReport report = optimizer.optimize(new OptimizationRequest(
                model, version, words.has("--int8"), inputs, words.number("--tolerance"), words.option("--label")));
        if (words.has("--json")) {
            call.output().json(json -> write(json, report));
        } else {
            lines(report).forEach(call.output()::line);
        }
        if (report.written().isEmpty()) {
            throw new InvalidRequestException(
                    "nothing was written: the outputs differ by %.3g of their largest number, and %.3g is allowed"
                            .formatted(report.maxDifference(), report.tolerance()));
        }
    }

    private static VersionSelector version(String text) {
        return text.matches("\\d{1,18}") ? VersionSelector.of(Long.parseLong(text)) : VersionSelector.labelled(text);
    }

    private ModelSignature signature(String model, VersionSelector version) {
        return registry.model(model, version)
                .signature()
                .orElseThrow(() -> new UnavailableException(model + " is not loaded"));
    }

    private static List<Map<String, Tensor>> inputs(Path file, ModelSignature signature) throws IOException {
        JsonNode json;
        try {
            json = Json.read(Files.readString(file));
        } catch (IOException e) {
            throw new InvalidRequestException("cannot read " + file + ": " + e.getMessage());
        }
        List<Map<String, Tensor>> calls = new ArrayList<>();
        if (json.isArray() && json.path(0).isObject()) {
            json.forEach(one -> calls.add(TensorReader.inputs(one, signature)));
        } else {
            calls.add(TensorReader.inputs(json, signature));
        }
        return calls;
    }

    private static List<String> lines(OptimizationReport report) {
        double quicker = (double) report.timeBefore().toNanos()
                / Math.max(1, report.timeAfter().toNanos());
        return List.of(
                String.format(
                        Locale.ROOT,
                        "size: %d to %d bytes; %d matrices rounded to 8 bits",
                        report.bytesBefore(),
                        report.bytesAfter(),
                        report.quantized()),
                String.format(
                        Locale.ROOT,
                        "time: %.1f to %.1f us, %.2f times as quick",
                        report.timeBefore().toNanos() / 1e3,
                        report.timeAfter().toNanos() / 1e3,
                        quicker),
                String.format(
                        Locale.ROOT,
                        "outputs: differ by %.3g of their largest number, agree in %.2f %% of the rows",
                        report.maxDifference(),
                        100 * report.agreement()),
                report.model() + " version "
                        + (report.written().isPresent()
                                ? report.written().getAsLong() + " is written"
                                : report.from() + " stays as it is"));
    }

    private static void write(JsonGenerator json, OptimizationReport report) throws IOException {
        json.writeStartObject();
        json.writeStringField("model", report.model());
        json.writeNumberField("from", report.from());
        if (report.written().isPresent()) {
            json.writeNumberField("written", report.written().getAsLong());
        }
        json.writeNumberField("quantized", report.quantized());
        json.writeNumberField("bytesBefore", report.bytesBefore());
        json.writeNumberField("bytesAfter", report.bytesAfter());
        json.writeNumberField("nanosBefore", report.timeBefore().toNanos());
        json.writeNumberField("nanosAfter", report.timeAfter().toNanos());
        json.writeNumberField("maxDifference", report.maxDifference());
        json.writeNumberField("agreement", report.agreement());
        json.writeNumberField("tolerance", report.tolerance());
        json.writeEndObject();
    }

    @Override
    public List<String> choices(Begun begun) {
        return begun.place().equals("MODEL")
                ? registry.models().stream().map(ModelStatus::name).distinct().toList()
                : List.of();
    }
}
