package forge.ai.backend.onnxffm;

import static java.lang.foreign.ValueLayout.ADDRESS;

import forge.ai.runtime.support.onnx.OnnxFailure;
import forge.ai.runtime.support.onnx.OnnxRunner;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs a session of the C interface; the lists that it is given lie ready. */
final class ForeignRunner implements OnnxRunner<ForeignValue> {

    private final OrtLibrary ort;
    private final MemorySegment session;
    private final Map<String, MemorySegment> names;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment options;
    private final MemorySegment givenNames;
    private final MemorySegment given;
    private final MemorySegment wantedNames;
    private final MemorySegment results;

    ForeignRunner(OrtLibrary ort, MemorySegment session, Map<String, MemorySegment> names, int inputs, int outputs)
            throws OnnxFailure {
        this.ort = ort;
        this.session = session;
        this.names = names;
        this.givenNames = arena.allocate(ADDRESS, inputs);
        this.given = arena.allocate(ADDRESS, inputs);
        this.wantedNames = arena.allocate(ADDRESS, outputs);
        this.results = arena.allocate(ADDRESS, Math.max(1, outputs));
        ort.call(OrtFunction.CREATE_RUN_OPTIONS, results);
        this.options = results.get(ADDRESS, 0);
    }

    @Override
    public void run(
            List<String> inputNames,
            List<ForeignValue> inputs,
            List<String> wanted,
            List<@Nullable ForeignValue> outputs)
            throws OnnxFailure {
        for (int i = 0; i < inputNames.size(); i++) {
            givenNames.setAtIndex(ADDRESS, i, names.get(inputNames.get(i)));
            given.setAtIndex(ADDRESS, i, inputs.get(i).handle());
        }
        for (int i = 0; i < wanted.size(); i++) {
            ForeignValue output = outputs.get(i);
            wantedNames.setAtIndex(ADDRESS, i, names.get(wanted.get(i)));
            results.setAtIndex(ADDRESS, i, output == null ? MemorySegment.NULL : output.handle());
        }
        ort.run(session, options, givenNames, given, inputNames.size(), wantedNames, wanted.size(), results);
        for (int i = 0; i < wanted.size(); i++) {
            if (outputs.get(i) == null) {
                outputs.set(i, new ForeignValue(results.getAtIndex(ADDRESS, i), null));
            }
        }
    }

    @Override
    public void terminate() {
        try {
            ort.call(OrtFunction.RUN_OPTIONS_SET_TERMINATE, options);
        } catch (OnnxFailure e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        ort.release(OrtFunction.RELEASE_RUN_OPTIONS, options);
        arena.close();
    }
}
