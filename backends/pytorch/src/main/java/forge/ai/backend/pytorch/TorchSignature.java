package forge.ai.backend.pytorch;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a TorchScript model takes and gives: as {@code config.json} declares it, or else as far as the file says it. The
 * file names the inputs and, if the model was traced, their types and ranks; of the outputs it says how many there are.
 * What it does not say is taken for FP32 of any shape.
 */
final class TorchSignature {

    private static final Pattern PLACE = Pattern.compile("(?i)input_+(\\d{1,4})");
    private static final Pattern TENSOR = Pattern.compile("(Optional\\[)?Tensor]?");
    private static final Pattern TENSORS = Pattern.compile("Tuple\\[(Tensor(, )?)+]");
    private static final Pattern TEXT = Pattern.compile("str|List\\[str]");

    private TorchSignature() {}

    static ModelSignature of(TorchArchive archive, TorchSettings settings) {
        List<TensorSpec> inputs = settings.inputs().isEmpty() ? inputs(archive) : settings.inputs();
        check(inputs, archive.forward().parameters());
        List<TensorSpec> outputs = settings.outputs().isEmpty() ? outputs(archive) : settings.outputs();
        boolean batched = !settings.outputs().isEmpty() && freeFirst(inputs) && freeFirst(outputs);
        return new ModelSignature(inputs, outputs, batched, Map.of("format", "TorchScript"));
    }

    private static List<TensorSpec> inputs(TorchArchive archive) {
        List<TensorSpec> specs = new ArrayList<>();
        List<TorchCode.Parameter> parameters = archive.forward().parameters();
        List<TracedInputs.Input> traced =
                archive.traced().map(TracedInputs::inputs).orElse(List.of());
        for (TorchCode.Parameter parameter : parameters) {
            if (parameter.optional()) {
                break;
            } else if (TEXT.matcher(parameter.type()).matches()) {
                specs.add(
                        parameter.type().equals("str")
                                ? new TensorSpec(parameter.name(), DataType.BYTES)
                                : new TensorSpec(parameter.name(), DataType.BYTES, -1));
            } else if (traced.size() == parameters.size()) {
                TracedInputs.Input input = traced.get(specs.size());
                long[] shape = new long[input.rank()];
                Arrays.fill(shape, -1);
                specs.add(new TensorSpec(parameter.name(), input.type(), shape));
            } else {
                specs.add(TensorSpec.ofAnyShape(parameter.name(), DataType.FP32));
            }
        }
        return specs;
    }

    private static List<TensorSpec> outputs(TorchArchive archive) {
        String result = archive.forward().result();
        List<TensorSpec> specs = new ArrayList<>();
        int count =
                TENSOR.matcher(result).matches() ? 1 : TENSORS.matcher(result).matches() ? result.split(",").length : 0;
        for (int i = 0; i < count; i++) {
            specs.add(TensorSpec.ofAnyShape("output_" + i, DataType.FP32));
        }
        return specs;
    }

    /** Whether {@code forward} can be called with these. */
    private static void check(List<TensorSpec> inputs, List<TorchCode.Parameter> parameters) {
        long needed = parameters.stream().filter(p -> !p.optional()).count();
        if (inputs.size() < needed || inputs.size() > parameters.size()) {
            throw new InvalidRequestException("config.json: parameters.inputs declares %d inputs, but forward takes %s"
                    .formatted(inputs.size(), parameters));
        }
        for (int i = 0; i < inputs.size(); i++) {
            TorchCode.Parameter parameter = parameters.get(i);
            boolean text = TEXT.matcher(parameter.type()).matches();
            if (!text && !TENSOR.matcher(parameter.type()).matches()) {
                throw new UnsupportedException("the parameter %s of forward is %s; supported: Tensor, str, List[str]"
                        .formatted(parameter.name(), parameter.type()));
            } else if (text != (inputs.get(i).type() == DataType.BYTES)) {
                throw new InvalidRequestException("config.json: parameters.inputs declares %s, but %s of forward is %s"
                        .formatted(inputs.get(i), parameter.name(), parameter.type()));
            }
        }
    }

    private static boolean freeFirst(List<TensorSpec> specs) {
        return specs.stream().allMatch(spec -> !spec.anyShape() && spec.shape().length > 0 && spec.shape()[0] == -1);
    }

    /** Inputs by their names, where they came by their places, as in {@code input_0} or {@code INPUT__0}. */
    static Map<String, Tensor> named(ModelSignature signature, Map<String, Tensor> given) {
        Map<String, Tensor> named = new LinkedHashMap<>();
        given.forEach((name, tensor) -> {
            Matcher place = PLACE.matcher(name);
            boolean byPlace = signature.input(name).isEmpty()
                    && place.matches()
                    && Integer.parseInt(place.group(1)) < signature.inputs().size();
            named.put(
                    byPlace
                            ? signature
                                    .inputs()
                                    .get(Integer.parseInt(place.group(1)))
                                    .name()
                            : name,
                    tensor);
        });
        return named;
    }
}
