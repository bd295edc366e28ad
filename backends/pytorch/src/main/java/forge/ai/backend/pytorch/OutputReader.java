package forge.ai.backend.pytorch;

import ai.djl.pytorch.jni.IValue;
import forge.ai.api.InternalException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Makes named tensors of what {@code forward} returned: a tensor, a number or a text is one, tuples and lists are laid
 * out in a row, and what stands in a dictionary is named by its key.
 */
final class OutputReader {

    private final List<TensorSpec> declared;
    private final NativeTensors tensors;
    private final Map<String, Tensor> read = new LinkedHashMap<>();
    private int place;

    /** @param declared names by place; what comes after them is {@code output_N} */
    OutputReader(List<TensorSpec> declared, NativeTensors tensors) {
        this.declared = declared;
        this.tensors = tensors;
    }

    /**
     * Those of the wanted names, in the order of the declared ones.
     *
     * @param wanted empty for all
     */
    Map<String, Tensor> read(IValue result, Set<String> wanted) {
        add(result);
        Map<String, Tensor> ordered = new LinkedHashMap<>();
        for (TensorSpec spec : declared) {
            Tensor tensor = read.remove(spec.name());
            if (tensor == null) {
                throw new InternalException("the model gave no output " + spec.name());
            } else if (wanted.isEmpty() || wanted.contains(spec.name())) {
                ordered.put(spec.name(), tensor);
            }
        }
        if (wanted.isEmpty()) {
            ordered.putAll(read);
        }
        return ordered;
    }

    private void add(IValue value) {
        if (value.isTuple()) {
            addAll(value.toIValueTuple());
        } else if (value.isMap()) {
            new TreeMap<>(value.toIValueMap()).forEach((key, part) -> put(key, tensors.keep(part)));
        } else if (value.isList()) {
            addAll(value.toIValueArray());
        } else {
            String name = place < declared.size() ? declared.get(place).name() : "output_" + place;
            place++;
            put(name, value);
        }
    }

    private void addAll(IValue[] parts) {
        for (IValue part : parts) {
            tensors.keep(part);
        }
        for (IValue part : parts) {
            add(part);
        }
    }

    private void put(String name, IValue value) {
        Tensor tensor;
        if (value.isTensor()) {
            tensor = tensors.copy(value, name);
        } else if (value.isLong()) {
            tensor = Tensor.ofLongs(new long[0], value.toLong());
        } else if (value.isDouble()) {
            tensor = Tensor.ofDoubles(new long[0], value.toDouble());
        } else if (value.isString()) {
            tensor = Tensor.ofStrings(new long[0], List.of(value.toStringValue()));
        } else {
            throw new UnsupportedException("the output %s is %s; supported: tensors, numbers and texts, also in tuples,"
                            .formatted(name, value.getType())
                    + " lists and dictionaries by text");
        }
        read.put(name, tensor);
    }
}
