package forge.ai.runtime.tools;

import forge.ai.api.tool.ToolParameter;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The {@link Shape}s of Java types. */
final class Shapes {

    private static final String ALLOWED =
            "allowed are primitives and their boxes, String, BigInteger, BigDecimal, enums,"
                    + " records, List, Map by String, and Optional of these";

    /** The records that a type is inside of. */
    private final List<Class<?>> outside = new ArrayList<>();

    /** @throws IllegalArgumentException if there is none for a parameter; says which */
    static Members ofParameters(Method method) {
        List<Members.Member> members = new ArrayList<>();
        for (Parameter parameter : method.getParameters()) {
            Optional<ToolParameter> annotation = annotation(parameter);
            String name = annotation.map(ToolParameter::name).orElse("");
            if (name.isEmpty() && !parameter.isNamePresent()) {
                throw new IllegalArgumentException(method.getName() + ": parameter " + (members.size() + 1)
                        + " has no name: say it with @ToolParameter(name = ...), or compile with -parameters");
            }
            Shape shape = new Shapes().of(parameter.getParameterizedType(), parameter.getName());
            members.add(new Members.Member(
                    name.isEmpty() ? parameter.getName() : name,
                    annotation.map(ToolParameter::value).orElse(""),
                    shape,
                    null));
        }
        return new Members(List.copyOf(members), null);
    }

    /** @throws IllegalArgumentException if there is none for the result */
    static Shape ofResult(Method method) {
        return new Shapes().of(method.getGenericReturnType(), "the result");
    }

    private Shape of(Type type, String place) {
        if (type instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> raw) {
            return generic(raw, generic.getActualTypeArguments(), place);
        }
        if (!(type instanceof Class<?> plain)) {
            throw unknown(type, place);
        }
        if (plain.isEnum()) {
            Map<String, Object> constants = new LinkedHashMap<>();
            Stream.of(plain.getEnumConstants()).forEach(c -> constants.put(((Enum<?>) c).name(), c));
            return new Scalar.Choice(constants);
        }
        if (plain.isRecord()) {
            return record(plain, place);
        }
        return simple(plain).orElseThrow(() -> unknown(type, place));
    }

    private Shape generic(Class<?> raw, Type[] arguments, String place) {
        if (raw == List.class) {
            return new Compound.Many(of(arguments[0], place));
        }
        if (raw == Optional.class) {
            return new Compound.Maybe(of(arguments[0], place));
        }
        if (raw == Map.class && arguments[0] == String.class) {
            return new Compound.Named(of(arguments[1], place));
        }
        throw unknown(raw, place);
    }

    private Shape record(Class<?> type, String place) {
        if (outside.contains(type)) {
            throw new IllegalArgumentException(place + ": " + type.getName() + " holds itself, which is not supported");
        }
        outside.add(type);
        List<Members.Member> members = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            Optional<ToolParameter> annotation = annotation(component);
            String name = annotation.map(ToolParameter::name).orElse("");
            component.getAccessor().setAccessible(true);
            members.add(new Members.Member(
                    name.isEmpty() ? component.getName() : name,
                    annotation.map(ToolParameter::value).orElse(""),
                    of(component.getGenericType(), place + "." + component.getName()),
                    component.getAccessor()));
        }
        outside.removeLast();
        return new Members(List.copyOf(members), constructor(type));
    }

    private static Constructor<?> constructor(Class<?> type) {
        Class<?>[] types = Stream.of(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<Shape> simple(Class<?> type) {
        return Optional.ofNullable(
                switch (type.getName()) {
                    case "java.lang.String" -> new Scalar.Text();
                    case "boolean", "java.lang.Boolean" -> new Scalar.Flag();
                    case "byte", "java.lang.Byte" -> new Scalar.Whole(" from -128 to 127", BigInteger::byteValueExact);
                    case "short", "java.lang.Short" ->
                        new Scalar.Whole(" from -32768 to 32767", BigInteger::shortValueExact);
                    case "int", "java.lang.Integer" -> new Scalar.Whole(" of 32 bits", BigInteger::intValueExact);
                    case "long", "java.lang.Long" -> new Scalar.Whole(" of 64 bits", BigInteger::longValueExact);
                    case "java.math.BigInteger" -> new Scalar.Whole("", number -> number);
                    case "float", "java.lang.Float" -> new Scalar.Decimal(BigDecimal::floatValue);
                    case "double", "java.lang.Double" -> new Scalar.Decimal(BigDecimal::doubleValue);
                    case "java.math.BigDecimal" -> new Scalar.Decimal(number -> number);
                    default -> null;
                });
    }

    private static Optional<ToolParameter> annotation(AnnotatedElement element) {
        return Optional.ofNullable(element.getAnnotation(ToolParameter.class));
    }

    private static IllegalArgumentException unknown(Type type, String place) {
        return new IllegalArgumentException(place + ": " + type.getTypeName() + ": " + ALLOWED);
    }
}
