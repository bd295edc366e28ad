package forge.ai.runtime.support.model;

import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what a {@code config.json} says of inputs or outputs where the model's file does not, written as
 * {@code image FP32[-1, 3, 8, 8]; ids INT64[...]}: the name, the type, and the dimensions, of which -1 is any size and
 * {@code ...} any number of any size.
 */
public final class TensorSpecs {

    private static final Pattern ONE =
            Pattern.compile("(\\S+)\\s+([A-Z]+\\d*)\\s*\\[\\s*(\\.\\.\\.|(?:-?\\d+\\s*(?:,\\s*-?\\d+\\s*)*)?)\\s*]");
    private static final String ALLOWED =
            "NAME TYPE[DIMENSIONS], one after the other with a semicolon between, each name " + "once, a type of "
                    + Arrays.toString(DataType.values()) + ", dimensions of -1 or more, or [...] for any";

    private TensorSpecs() {}

    /**
     * In the order of the text; none if it is empty.
     *
     * @param key the parameter that it is from
     * @throws forge.ai.api.InvalidRequestException if it is written in another way
     */
    public static List<TensorSpec> read(String key, String text) {
        List<TensorSpec> specs = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String part : text.isBlank() ? new String[0] : text.strip().split(";")) {
            try {
                TensorSpec spec = read(part.strip());
                if (names.add(spec.name())) {
                    specs.add(spec);
                    continue;
                }
            } catch (IllegalArgumentException e) {
                // Refused like a name that comes twice.
            }
            throw ModelParameters.refused(key, text, ALLOWED);
        }
        return specs;
    }

    private static TensorSpec read(String part) {
        Matcher one = ONE.matcher(part);
        if (!one.matches()) {
            throw new IllegalArgumentException(part);
        }
        DataType type = DataType.valueOf(one.group(2));
        if (one.group(3).equals("...")) {
            return TensorSpec.ofAnyShape(one.group(1), type);
        }
        long[] shape = one.group(3).isBlank()
                ? new long[0]
                : Arrays.stream(one.group(3).split(","))
                        .map(String::strip)
                        .mapToLong(Long::parseLong)
                        .toArray();
        if (Arrays.stream(shape).anyMatch(size -> size < -1)) {
            throw new IllegalArgumentException(part);
        }
        return new TensorSpec(one.group(1), type, shape);
    }
}
