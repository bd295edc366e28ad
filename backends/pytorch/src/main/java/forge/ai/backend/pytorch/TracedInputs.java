package forge.ai.backend.pytorch;

import forge.ai.api.tensor.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a traced model was traced with: its file says of each input the type and the number of dimensions.
 *
 * @param inputs in the order of the parameters
 */
record TracedInputs(List<Input> inputs) {

    /** One input; the sizes of its dimensions are those of an example, so only their number counts. */
    record Input(DataType type, int rank) {}

    private static final Map<String, DataType> STORAGES = Map.ofEntries(
            Map.entry("FloatStorage", DataType.FP32),
            Map.entry("DoubleStorage", DataType.FP64),
            Map.entry("HalfStorage", DataType.FP16),
            Map.entry("BFloat16Storage", DataType.BF16),
            Map.entry("LongStorage", DataType.INT64),
            Map.entry("IntStorage", DataType.INT32),
            Map.entry("ShortStorage", DataType.INT16),
            Map.entry("CharStorage", DataType.INT8),
            Map.entry("ByteStorage", DataType.UINT8),
            Map.entry("BoolStorage", DataType.BOOL));

    TracedInputs {
        inputs = List.copyOf(inputs);
    }

    /** Of a dictionary from the name of a method to a list of tensors; empty if it is anything else. */
    static Optional<TracedInputs> of(PickleValue pickle) {
        List<PickleValue> methods = parts(plain(pickle));
        int place = methods.indexOf(new PickleValue.Text("forward"));
        if (place < 0 || place + 1 == methods.size()) {
            return Optional.empty();
        }
        List<Input> inputs = new ArrayList<>();
        for (PickleValue tensor : parts(plain(methods.get(place + 1)))) {
            Optional<Input> input = input(tensor);
            if (input.isEmpty()) {
                return Optional.empty();
            }
            inputs.add(input.get());
        }
        return Optional.of(new TracedInputs(inputs));
    }

    /** A call of a function with a tuple: {@code (function, (storage, offset, sizes, ...))}. */
    private static Optional<Input> input(PickleValue tensor) {
        List<PickleValue> arguments = argumentsOf("_rebuild_tensor_v2", tensor);
        if (arguments.size() < 3) {
            return Optional.empty();
        }
        int rank = parts(arguments.get(2)).size();
        // A reference to a storage: (('storage', type, key, device, size)).
        return parts(arguments.getFirst()).stream()
                .flatMap(reference -> parts(reference).stream())
                .filter(part -> part instanceof PickleValue.Global)
                .map(part -> STORAGES.get(((PickleValue.Global) part).name()))
                .filter(type -> type != null)
                .findFirst()
                .map(type -> new Input(type, rank));
    }

    /** A list or dictionary without the type that is fastened to it. */
    private static PickleValue plain(PickleValue value) {
        List<PickleValue> arguments = argumentsOf("restore_type_tag", value);
        return arguments.isEmpty() ? value : arguments.getFirst();
    }

    private static List<PickleValue> argumentsOf(String function, PickleValue call) {
        List<PickleValue> parts = parts(call);
        return parts.size() == 2
                        && parts.getFirst() instanceof PickleValue.Global name
                        && name.name().equals(function)
                ? parts(parts.getLast())
                : List.of();
    }

    private static List<PickleValue> parts(PickleValue value) {
        return value instanceof PickleValue.Group group ? group.parts() : List.of();
    }
}
