package forge.ai.backend.sklearn;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import forge.ai.backend.sklearn.estimator.Inputs;
import forge.ai.backend.sklearn.estimator.Rows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The forms in which inputs come, and the one that the signature describes: a table of numbers is one input of any name
 * and numeric type; a data frame is one input for each column, or one table that is cut into columns.
 */
final class InputForms {

    private static final String TABLE = "input";
    private static final String TEXT = "text";

    private final Inputs inputs;
    private final List<TensorSpec> specs;

    InputForms(Inputs inputs) {
        this.inputs = inputs;
        this.specs = switch (inputs) {
            case Inputs.Numbers numbers -> List.of(new TensorSpec(TABLE, DataType.FP64, -1, numbers.columns()));
            case Inputs.Texts texts -> List.of(new TensorSpec(TEXT, DataType.BYTES, -1));
            case Inputs.Columns columns -> columns(columns.columns());
        };
    }

    private static List<TensorSpec> columns(List<Inputs.Column> columns) {
        List<TensorSpec> specs = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Inputs.Column column = columns.get(i);
            String name = column.name().isEmpty() ? "x" + i : column.name();
            specs.add(new TensorSpec(name, column.texts() ? DataType.BYTES : DataType.FP64, -1));
        }
        return specs;
    }

    List<TensorSpec> specs() {
        return specs;
    }

    /** Inputs in the form of the signature; what cannot be brought into it stays as it is, to be refused. */
    Map<String, Tensor> adapt(Map<String, Tensor> given) {
        Map<String, Tensor> converted = new LinkedHashMap<>();
        named(given)
                .forEach((name, tensor) -> converted.put(
                        name,
                        specs.stream()
                                .filter(spec -> spec.name().equals(name))
                                .findFirst()
                                .map(spec -> convert(tensor, spec))
                                .orElse(tensor)));
        return converted;
    }

    /** A table may have any name; so may columns, in the model's order, if it was trained without names. */
    private Map<String, Tensor> named(Map<String, Tensor> given) {
        if (given.size() == 1 && specs.size() > 1) {
            return cut(given);
        }
        boolean nameless = !(inputs instanceof Inputs.Columns columns)
                || columns.columns().stream().allMatch(column -> column.name().isEmpty());
        boolean known = specs.stream().allMatch(spec -> given.containsKey(spec.name()));
        if (known || !nameless || given.size() != specs.size()) {
            return given;
        }
        Map<String, Tensor> named = new LinkedHashMap<>();
        for (Tensor tensor : given.values()) {
            named.put(specs.get(named.size()).name(), tensor);
        }
        return named;
    }

    private static Tensor convert(Tensor tensor, TensorSpec spec) {
        if (spec.type() == DataType.FP64 && tensor.type() != DataType.FP64 && TensorNumbers.numeric(tensor)) {
            return Tensor.ofDoubles(flat(tensor, spec), TensorNumbers.of(tensor));
        }
        return tensor.type() == DataType.BYTES
                ? Tensor.ofBytes(flat(tensor, spec), tensor.bytes())
                : Tensor.of(tensor.type(), flat(tensor, spec), tensor.data());
    }

    /** A column may come as a table of one column. */
    private static long[] flat(Tensor tensor, TensorSpec spec) {
        return spec.shape().length == 1 && tensor.rank() == 2 && tensor.dimension(1) == 1
                ? new long[] {tensor.dimension(0)}
                : tensor.shape();
    }

    private Map<String, Tensor> cut(Map<String, Tensor> given) {
        Tensor table = given.values().iterator().next();
        if (table.rank() != 2 || table.dimension(1) != specs.size()) {
            return given;
        }
        int rows = (int) table.dimension(0);
        Map<String, Tensor> columns = new LinkedHashMap<>();
        for (int i = 0; i < specs.size(); i++) {
            columns.put(specs.get(i).name(), column(table, rows, i));
        }
        return columns;
    }

    private Tensor column(Tensor table, int rows, int column) {
        if (table.type() == DataType.BYTES) {
            List<byte[]> texts = new ArrayList<>();
            for (int row = 0; row < rows; row++) {
                texts.add(table.bytes().get(row * specs.size() + column));
            }
            return Tensor.ofBytes(new long[] {rows}, texts);
        }
        double[] all = TensorNumbers.of(table);
        double[] values = new double[rows];
        for (int row = 0; row < rows; row++) {
            values[row] = all[row * specs.size() + column];
        }
        return Tensor.ofDoubles(new long[] {rows}, values);
    }

    /** The rows that inputs in the form of the signature hold. */
    Rows table(Map<String, Tensor> adapted) {
        if (inputs instanceof Inputs.Numbers) {
            Tensor table = adapted.get(TABLE);
            if (table == null) {
                throw new InvalidRequestException("the input " + TABLE + " is missing");
            }
            return Rows.ofNumbers((int) table.dimension(0), (int) table.dimension(1), TensorNumbers.of(table));
        }
        List<Object> columns = new ArrayList<>();
        for (TensorSpec spec : specs) {
            Tensor column = adapted.get(spec.name());
            columns.add(spec.type() == DataType.BYTES ? column.toStrings() : TensorNumbers.of(column));
        }
        return Rows.ofColumns((int) adapted.get(specs.getFirst().name()).dimension(0), columns);
    }
}
