package forge.ai.backend.onnxoptimize;

import forge.ai.api.InternalException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelBackend;
import forge.ai.api.model.ModelConfig;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.ModelOptimizer;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.ModelSource;
import forge.ai.api.model.ModelStatus;
import forge.ai.api.model.OptimizationReport;
import forge.ai.api.model.OptimizationRequest;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.support.onnx.OnnxModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Optimises the graphs of models of the repository, compares, and writes what computes the same as a new version. */
@Component(property = ModelBackend.NAME + "=onnx")
public final class OnnxOptimizer implements ModelOptimizer {

    private static final Logger log = LoggerFactory.getLogger(OnnxOptimizer.class);
    private static final double TOLERANCE = 0.001;
    private static final double INT8_TOLERANCE = 0.05;

    private final ModelRegistry registry;
    private final ModelBackend backend;

    @Activate
    public OnnxOptimizer(
            @Reference ModelRegistry registry,
            @Reference(target = "(" + ModelBackend.NAME + "=onnx)", policyOption = ReferencePolicyOption.GREEDY)
                    ModelBackend backend) {
        this.registry = registry;
        this.backend = backend;
    }

    @Override
    public OptimizationReport optimize(OptimizationRequest request) {
        try (ModelLease lease = registry.acquire(request.model(), request.version())) {
            ModelStatus status = lease.status();
            if (hasNoGraph(status.folder())) {
                throw new UnsupportedException(
                        "%s version %d is loaded by the backend %s; only models of onnx are optimised"
                                .formatted(status.name(), status.version(), status.backend()));
            }
            return optimize(request, status, lease.config());
        } catch (IOException e) {
            throw new InternalException("the new version cannot be written: " + e.getMessage());
        }
    }

    private static boolean hasNoGraph(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.noneMatch(file -> file.toString().endsWith(".onnx"));
        }
    }

    private OptimizationReport optimize(OptimizationRequest request, ModelStatus from, ModelConfig config)
            throws IOException {
        Path source = OnnxModels.file(from.folder());
        OnnxFile graph = OnnxFile.read(source);
        try (NewVersion version = new NewVersion(from.folder().getParent())) {
            Path target = version.folder().resolve(source.getFileName());
            int quantized = GraphOptimizer.write(source, target, request.int8());
            version.copyOthers(from.folder(), ownFiles(source, graph));
            Trial trial = compare(request, from, config, graph, version.folder());
            double tolerance = request.tolerance().orElse(request.int8() ? INT8_TOLERANCE : TOLERANCE);
            long after = Files.size(target);
            boolean same = trial.comparison().maxDifference() <= tolerance;
            OptionalLong written = same ? OptionalLong.of(version.publish()) : OptionalLong.empty();
            log.info("{} version {} was optimised; new version {}", from.name(), from.version(), written);
            request.label().filter(label -> same).ifPresent(label -> label(from.name(), label, written.getAsLong()));
            return new OptimizationReport(
                    from.name(),
                    from.version(),
                    written,
                    quantized,
                    size(source, graph),
                    after,
                    trial.before(),
                    trial.after(),
                    trial.comparison().maxDifference(),
                    trial.comparison().agreement(),
                    tolerance);
        }
    }

    /** The registry knows a version once it has looked, which it does before it loads. */
    private void label(String model, String label, long version) {
        registry.load(model);
        registry.label(model, label, version);
    }

    private Trial compare(
            OptimizationRequest request, ModelStatus from, ModelConfig config, OnnxFile graph, Path folder) {
        try (LoadedModel before = load(from, from.folder(), config);
                LoadedModel after = load(from, folder, config)) {
            List<Map<String, Tensor>> inputs =
                    request.inputs().isEmpty() ? RandomInputs.of(before.signature(), graph) : request.inputs();
            return Trial.of(before, after, inputs);
        }
    }

    private LoadedModel load(ModelStatus version, Path folder, ModelConfig config) {
        int threads = Runtime.getRuntime().availableProcessors();
        return backend.load(new ModelSource(
                version.name(), version.version(), folder, config.device(), threads, config.parameters()));
    }

    private static Set<Path> ownFiles(Path source, OnnxFile graph) {
        return Stream.concat(Stream.of(source), graph.externalFiles().stream().map(source::resolveSibling))
                .map(Path::normalize)
                .collect(Collectors.toSet());
    }

    private static long size(Path source, OnnxFile graph) throws IOException {
        long size = 0;
        for (Path file : ownFiles(source, graph)) {
            size += Files.isRegularFile(file) ? Files.size(file) : 0;
        }
        return size;
    }
}
