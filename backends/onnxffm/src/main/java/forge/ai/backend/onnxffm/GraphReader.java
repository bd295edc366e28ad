package forge.ai.backend.onnxffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import forge.ai.runtime.support.onnx.OnnxFailure;
import forge.ai.runtime.support.onnx.OnnxNode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads what a session says of its graph. */
@SuppressWarnings("restricted")
final class GraphReader {

    private static final int TENSOR = 1;
    private static final int SEQUENCE = 2;
    private static final int MAP = 3;

    private final OrtLibrary ort;
    private final MemorySegment session;
    private final Arena arena;
    private final MemorySegment out;

    /** @param arena holds what is only needed for reading */
    GraphReader(OrtLibrary ort, MemorySegment session, Arena arena) {
        this.ort = ort;
        this.session = session;
        this.arena = arena;
        this.out = arena.allocate(ADDRESS);
    }

    List<OnnxNode> inputs() throws OnnxFailure {
        return nodes(
                OrtFunction.SESSION_GET_INPUT_COUNT,
                OrtFunction.SESSION_GET_INPUT_NAME,
                OrtFunction.SESSION_GET_INPUT_TYPE_INFO);
    }

    List<OnnxNode> outputs() throws OnnxFailure {
        return nodes(
                OrtFunction.SESSION_GET_OUTPUT_COUNT,
                OrtFunction.SESSION_GET_OUTPUT_NAME,
                OrtFunction.SESSION_GET_OUTPUT_TYPE_INFO);
    }

    private List<OnnxNode> nodes(OrtFunction count, OrtFunction nameOf, OrtFunction typeOf) throws OnnxFailure {
        ort.call(count, session, out);
        long all = out.get(JAVA_LONG, 0);
        List<OnnxNode> nodes = new ArrayList<>();
        for (long i = 0; i < all; i++) {
            ort.call(nameOf, session, i, ort.allocator(), out);
            String name = ort.text(out.get(ADDRESS, 0));
            ort.call(typeOf, session, i, out);
            MemorySegment type = out.get(ADDRESS, 0);
            try {
                nodes.add(node(name, type));
            } finally {
                ort.release(OrtFunction.RELEASE_TYPE_INFO, type);
            }
        }
        return nodes;
    }

    private OnnxNode node(String name, MemorySegment type) throws OnnxFailure {
        return switch (kind(type)) {
            case TENSOR -> {
                ort.call(OrtFunction.CAST_TYPE_INFO_TO_TENSOR_INFO, type, out);
                yield tensor(name, out.get(ADDRESS, 0));
            }
            case SEQUENCE -> sequence(name, type);
            case MAP -> new OnnxNode.Other(name, "a map");
            default -> new OnnxNode.Other(name, "something else");
        };
    }

    private int kind(MemorySegment type) throws OnnxFailure {
        ort.call(OrtFunction.GET_ONNX_TYPE_FROM_TYPE_INFO, type, out);
        return out.get(JAVA_INT, 0);
    }

    private OnnxNode sequence(String name, MemorySegment type) throws OnnxFailure {
        ort.call(OrtFunction.CAST_TYPE_INFO_TO_SEQUENCE_TYPE_INFO, type, out);
        ort.call(OrtFunction.GET_SEQUENCE_ELEMENT_TYPE, out.get(ADDRESS, 0), out);
        MemorySegment element = out.get(ADDRESS, 0);
        try {
            return kind(element) == MAP ? new OnnxNode.OfScores(name) : new OnnxNode.Other(name, "a list");
        } finally {
            ort.release(OrtFunction.RELEASE_TYPE_INFO, element);
        }
    }

    private OnnxNode tensor(String name, MemorySegment info) throws OnnxFailure {
        ort.call(OrtFunction.GET_TENSOR_ELEMENT_TYPE, info, out);
        int elementType = out.get(JAVA_INT, 0);
        ort.call(OrtFunction.GET_DIMENSIONS_COUNT, info, out);
        long rank = out.get(JAVA_LONG, 0);
        MemorySegment sizes = arena.allocate(JAVA_LONG, rank);
        MemorySegment names = arena.allocate(ADDRESS, rank);
        ort.call(OrtFunction.GET_DIMENSIONS, info, sizes, rank);
        ort.call(OrtFunction.GET_SYMBOLIC_DIMENSIONS, info, names, rank);
        List<String> dimensions = new ArrayList<>();
        for (long i = 0; i < rank; i++) {
            dimensions.add(
                    names.getAtIndex(ADDRESS, i).reinterpret(Integer.MAX_VALUE).getString(0));
        }
        return new OnnxNode.OfTensor(name, elementType, sizes.toArray(JAVA_LONG), dimensions);
    }

    Map<String, String> metadata() throws OnnxFailure {
        ort.call(OrtFunction.SESSION_GET_MODEL_METADATA, session, out);
        MemorySegment file = out.get(ADDRESS, 0);
        try {
            Map<String, String> metadata = custom(file);
            Map<String, OrtFunction> texts = Map.of(
                    "producer", OrtFunction.MODEL_METADATA_GET_PRODUCER_NAME,
                    "graph", OrtFunction.MODEL_METADATA_GET_GRAPH_NAME,
                    "description", OrtFunction.MODEL_METADATA_GET_DESCRIPTION,
                    "domain", OrtFunction.MODEL_METADATA_GET_DOMAIN);
            for (Map.Entry<String, OrtFunction> entry : texts.entrySet()) {
                ort.call(entry.getValue(), file, ort.allocator(), out);
                String text = ort.text(out.get(ADDRESS, 0));
                if (!text.isEmpty()) {
                    metadata.putIfAbsent(entry.getKey(), text);
                }
            }
            ort.call(OrtFunction.MODEL_METADATA_GET_VERSION, file, out);
            long version = out.get(JAVA_LONG, 0);
            if (version != 0) {
                metadata.putIfAbsent("version", Long.toString(version));
            }
            return metadata;
        } finally {
            ort.release(OrtFunction.RELEASE_MODEL_METADATA, file);
        }
    }

    private Map<String, String> custom(MemorySegment file) throws OnnxFailure {
        MemorySegment count = arena.allocate(JAVA_LONG);
        ort.call(OrtFunction.MODEL_METADATA_GET_CUSTOM_METADATA_MAP_KEYS, file, ort.allocator(), out, count);
        long size = count.get(JAVA_LONG, 0);
        Map<String, String> metadata = new HashMap<>();
        if (size == 0) {
            return metadata;
        }
        MemorySegment keys = out.get(ADDRESS, 0).reinterpret(size * ADDRESS.byteSize());
        for (long i = 0; i < size; i++) {
            String key = ort.text(keys.getAtIndex(ADDRESS, i));
            ort.call(
                    OrtFunction.MODEL_METADATA_LOOKUP_CUSTOM_METADATA_MAP,
                    file,
                    ort.allocator(),
                    arena.allocateFrom(key),
                    out);
            metadata.put(key, ort.text(out.get(ADDRESS, 0)));
        }
        ort.call(OrtFunction.ALLOCATOR_FREE, ort.allocator(), keys);
        return metadata;
    }
}
