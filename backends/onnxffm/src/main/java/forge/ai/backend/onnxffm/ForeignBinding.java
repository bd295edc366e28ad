package forge.ai.backend.onnxffm;

import static java.lang.foreign.ValueLayout.ADDRESS;

import forge.ai.runtime.support.onnx.OnnxBinding;
import forge.ai.runtime.support.onnx.OnnxFailure;
import forge.ai.runtime.support.onnx.OnnxProvider;
import forge.ai.runtime.support.onnx.OnnxSession;
import forge.ai.runtime.support.onnx.OnnxSettings;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Calls ONNX Runtime by its C interface. */
final class ForeignBinding implements OnnxBinding {

    private static final int LOG_FATAL = 4;

    private final OrtLibrary ort;

    ForeignBinding(OrtLibrary ort) {
        this.ort = ort;
    }

    @Override
    public OnnxSession<?> open(Path file, OnnxSettings settings) throws OnnxFailure {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            ort.call(OrtFunction.CREATE_SESSION_OPTIONS, out);
            MemorySegment options = out.get(ADDRESS, 0);
            try {
                set(options, settings, arena);
                ort.call(
                        OrtFunction.CREATE_SESSION,
                        ort.environment(),
                        arena.allocateFrom(file.toString()),
                        options,
                        out);
            } finally {
                // The session has a copy.
                ort.release(OrtFunction.RELEASE_SESSION_OPTIONS, options);
            }
            return ForeignSession.of(ort, out.get(ADDRESS, 0));
        }
    }

    private void set(MemorySegment options, OnnxSettings settings, Arena arena) throws OnnxFailure {
        ort.call(OrtFunction.SET_INTRA_OP_NUM_THREADS, options, settings.threads());
        ort.call(OrtFunction.SET_INTER_OP_NUM_THREADS, options, settings.interOpThreads());
        ort.call(OrtFunction.SET_SESSION_EXECUTION_MODE, options, settings.interOpThreads() > 1 ? 1 : 0);
        ort.call(OrtFunction.SET_SESSION_GRAPH_OPTIMIZATION_LEVEL, options, settings.optimization());
        ort.call(settings.arena() ? OrtFunction.ENABLE_CPU_MEM_ARENA : OrtFunction.DISABLE_CPU_MEM_ARENA, options);
        // An error comes as an exception; on standard error it would be noise, as when a call is cancelled.
        ort.call(OrtFunction.SET_SESSION_LOG_SEVERITY_LEVEL, options, LOG_FATAL);
        MemorySegment spinning = arena.allocateFrom(settings.spinning() ? "1" : "0");
        for (String key : new String[] {"session.intra_op.allow_spinning", "session.inter_op.allow_spinning"}) {
            ort.call(OrtFunction.ADD_SESSION_CONFIG_ENTRY, options, arena.allocateFrom(key), spinning);
        }
        for (OnnxProvider provider : settings.providers()) {
            switch (provider) {
                case OnnxProvider.Cpu cpu -> ort.appendCpu(options, settings.arena());
                case OnnxProvider.Cuda cuda -> add(options, cuda, arena);
            }
        }
    }

    private void add(MemorySegment options, OnnxProvider.Cuda cuda, Arena arena) throws OnnxFailure {
        Map<String, String> values = new LinkedHashMap<>(Map.of("device_id", Integer.toString(cuda.device())));
        if (cuda.memoryLimit() > 0) {
            values.put("gpu_mem_limit", Long.toString(cuda.memoryLimit()));
        }
        try {
            MemorySegment out = arena.allocate(ADDRESS);
            ort.call(OrtFunction.CREATE_CUDA_PROVIDER_OPTIONS, out);
            MemorySegment device = out.get(ADDRESS, 0);
            try {
                MemorySegment keys = texts(values.keySet(), arena);
                MemorySegment texts = texts(values.values(), arena);
                ort.call(OrtFunction.UPDATE_CUDA_PROVIDER_OPTIONS, device, keys, texts, (long) values.size());
                ort.call(OrtFunction.APPEND_CUDA_V2, options, device);
            } finally {
                ort.release(OrtFunction.RELEASE_CUDA_PROVIDER_OPTIONS, device);
            }
        } catch (OnnxFailure e) {
            throw e.ofDevice();
        }
    }

    private static MemorySegment texts(Iterable<String> texts, Arena arena) {
        MemorySegment all = arena.allocate(ADDRESS, 2);
        int i = 0;
        for (String text : texts) {
            all.setAtIndex(ADDRESS, i++, arena.allocateFrom(text));
        }
        return all;
    }
}
