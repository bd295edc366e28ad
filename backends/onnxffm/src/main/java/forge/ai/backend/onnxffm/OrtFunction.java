package forge.ai.backend.onnxffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;

/**
 * Functions of the C interface that are used: their place in the structure {@code OrtApi}, to which functions are only
 * ever appended, and their parameters (p pointer, i int, l long), most of which give a status, those that release nothing.
 */
enum OrtFunction {
    GET_ERROR_CODE(1, "p"),
    GET_ERROR_MESSAGE(2, "p"),
    CREATE_ENV(3, "ipp"),
    CREATE_SESSION(7, "pppp"),
    RUN(9, "pppplplp"),
    CREATE_SESSION_OPTIONS(10, "p"),
    SET_SESSION_EXECUTION_MODE(13, "pi"),
    ENABLE_CPU_MEM_ARENA(18, "p"),
    DISABLE_CPU_MEM_ARENA(19, "p"),
    SET_SESSION_LOG_SEVERITY_LEVEL(22, "pi"),
    SET_SESSION_GRAPH_OPTIMIZATION_LEVEL(23, "pi"),
    SET_INTRA_OP_NUM_THREADS(24, "pi"),
    SET_INTER_OP_NUM_THREADS(25, "pi"),
    SESSION_GET_INPUT_COUNT(30, "pp"),
    SESSION_GET_OUTPUT_COUNT(31, "pp"),
    SESSION_GET_INPUT_TYPE_INFO(33, "plp"),
    SESSION_GET_OUTPUT_TYPE_INFO(34, "plp"),
    SESSION_GET_INPUT_NAME(36, "plpp"),
    SESSION_GET_OUTPUT_NAME(37, "plpp"),
    CREATE_RUN_OPTIONS(39, "p"),
    RUN_OPTIONS_SET_TERMINATE(46, "p"),
    CREATE_TENSOR_AS_VALUE(48, "pplip"),
    CREATE_TENSOR_WITH_DATA_AS_VALUE(49, "pplplip"),
    GET_TENSOR_MUTABLE_DATA(51, "pp"),
    GET_STRING_TENSOR_DATA_LENGTH(53, "pp"),
    GET_STRING_TENSOR_CONTENT(54, "pplpl"),
    CAST_TYPE_INFO_TO_TENSOR_INFO(55, "pp"),
    GET_ONNX_TYPE_FROM_TYPE_INFO(56, "pp"),
    GET_TENSOR_ELEMENT_TYPE(60, "pp"),
    GET_DIMENSIONS_COUNT(61, "pp"),
    GET_DIMENSIONS(62, "ppl"),
    GET_SYMBOLIC_DIMENSIONS(63, "ppl"),
    GET_TENSOR_TYPE_AND_SHAPE(65, "pp"),
    CREATE_CPU_MEMORY_INFO(69, "iip"),
    ALLOCATOR_FREE(76, "pp"),
    GET_ALLOCATOR_WITH_DEFAULT_OPTIONS(78, "p"),
    GET_VALUE(80, "pipp"),
    GET_VALUE_COUNT(81, "pp"),
    RELEASE_ENV(92),
    RELEASE_STATUS(93),
    RELEASE_MEMORY_INFO(94),
    RELEASE_SESSION(95),
    RELEASE_VALUE(96),
    RELEASE_RUN_OPTIONS(97),
    RELEASE_TYPE_INFO(98),
    RELEASE_TENSOR_TYPE_AND_SHAPE_INFO(99),
    RELEASE_SESSION_OPTIONS(100),
    CAST_TYPE_INFO_TO_SEQUENCE_TYPE_INFO(104, "pp"),
    GET_SEQUENCE_ELEMENT_TYPE(107, "pp"),
    SESSION_GET_MODEL_METADATA(111, "pp"),
    MODEL_METADATA_GET_PRODUCER_NAME(112, "ppp"),
    MODEL_METADATA_GET_GRAPH_NAME(113, "ppp"),
    MODEL_METADATA_GET_DOMAIN(114, "ppp"),
    MODEL_METADATA_GET_DESCRIPTION(115, "ppp"),
    MODEL_METADATA_LOOKUP_CUSTOM_METADATA_MAP(116, "pppp"),
    MODEL_METADATA_GET_VERSION(117, "pp"),
    RELEASE_MODEL_METADATA(118),
    MODEL_METADATA_GET_CUSTOM_METADATA_MAP_KEYS(123, "pppp"),
    ADD_SESSION_CONFIG_ENTRY(130, "ppp"),
    APPEND_CUDA_V2(204, "pp"),
    CREATE_CUDA_PROVIDER_OPTIONS(205, "p"),
    UPDATE_CUDA_PROVIDER_OPTIONS(206, "pppl"),
    RELEASE_CUDA_PROVIDER_OPTIONS(208),
    GET_RESIZED_STRING_TENSOR_ELEMENT_BUFFER(252, "pllp");

    private final int place;
    private final FunctionDescriptor descriptor;

    OrtFunction(int place, String parameters) {
        this.place = place;
        this.descriptor = FunctionDescriptor.of(ADDRESS, layouts(parameters));
    }

    OrtFunction(int place) {
        this.place = place;
        this.descriptor = FunctionDescriptor.ofVoid(ADDRESS);
    }

    static MemoryLayout[] layouts(String parameters) {
        return parameters
                .chars()
                .mapToObj(c -> c == 'p' ? ADDRESS : c == 'i' ? JAVA_INT : JAVA_LONG)
                .toArray(MemoryLayout[]::new);
    }

    int place() {
        return place;
    }

    FunctionDescriptor descriptor() {
        return descriptor;
    }
}
