package forge.ai.runtime.support.onnx;

import forge.ai.api.ErrorDetails;
import forge.ai.api.UnsupportedException;
import forge.ai.api.model.ModelSource;
import forge.ai.runtime.support.model.ModelParameters;
import java.util.List;
import java.util.Map;

/**
 * How a model is loaded, from its {@code config.json}.
 *
 * @param providers what computes, in this order
 * @param orCpu whether a CPU will do where a GPU is not there
 * @param threads within one operator
 * @param interOpThreads operators at a time; 1 is one after the other
 * @param optimization what is done to the graph, as the C API numbers it
 * @param spinning whether idle threads wait awake, which is quicker and burns a core each
 * @param arena whether memory is kept between calls
 */
public record OnnxSettings(
        List<OnnxProvider> providers,
        boolean orCpu,
        int threads,
        int interOpThreads,
        int optimization,
        boolean spinning,
        boolean arena) {

    private static final Map<String, Integer> LEVELS = Map.of("none", 0, "basic", 1, "extended", 2, "all", 99);
    private static final int MIB = 1 << 20;

    public OnnxSettings {
        providers = List.copyOf(providers);
    }

    /** @param cuda whether the part of ONNX Runtime that computes on GPUs is there */
    static OnnxSettings of(ModelSource source, boolean cuda) {
        if (source.parameters().containsKey("customOpLibrary")) {
            throw new UnsupportedException(
                    "config.json: parameters.customOpLibrary: libraries of custom operators are not loaded",
                    ErrorDetails.NONE.withParameter("customOpLibrary"));
        }
        ModelParameters keys = new ModelParameters(source);
        boolean auto = source.device().equals("auto");
        return new OnnxSettings(
                providers(keys, auto && cuda ? "cuda" : source.device()),
                keys.cpuWillDo() || auto,
                keys.threads("threads", source.threads()),
                keys.threads("interOpThreads", 1),
                keys.choice("optimization", "all", LEVELS),
                keys.flag("spinning", false),
                keys.flag("arena", true));
    }

    private static List<OnnxProvider> providers(ModelParameters keys, String device) {
        int number = DeviceName.cuda(device);
        long limit = (long) keys.whole("gpuMemoryMiB", 0, 0, Integer.MAX_VALUE) * MIB;
        OnnxProvider cuda = new OnnxProvider.Cuda(Math.max(number, 0), limit);
        OnnxProvider cpu = new OnnxProvider.Cpu();
        String byDefault = number < 0 ? "cpu" : "cuda,cpu";
        Map<String, List<OnnxProvider>> orders = Map.of(
                "cpu", List.of(cpu),
                "cuda", List.of(cuda),
                "cuda,cpu", List.of(cuda, cpu),
                "cpu,cuda", List.of(cpu, cuda));
        List<OnnxProvider> chosen = keys.choice("providers", byDefault, orders);
        if (device.equals("cpu") && chosen.contains(cuda)) {
            throw ModelParameters.refused("providers", keys.text("providers", byDefault), "cpu, as device is cpu");
        }
        return chosen;
    }

    boolean onGpu() {
        return providers.stream().anyMatch(OnnxProvider.Cuda.class::isInstance);
    }

    OnnxSettings onCpu() {
        return new OnnxSettings(
                List.of(new OnnxProvider.Cpu()), orCpu, threads, interOpThreads, optimization, spinning, arena);
    }
}
