package forge.ai.backend.sklearn.pickle;

import forge.ai.api.InvalidRequestException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** What a pickle says of an object of a known class: the arguments it was made with and its attributes. */
public final class PyObject {

    private final String type;
    private final List<?> arguments;
    private final Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
    private @Nullable Object state;

    PyObject(String type, List<?> arguments) {
        this.type = type;
        this.arguments = arguments;
    }

    /** The full name of its class, such as {@code sklearn.svm._classes.SVC}. */
    public String type() {
        return type;
    }

    /** The name of its class without the module. */
    public String simpleType() {
        return type.substring(type.lastIndexOf('.') + 1);
    }

    /** What it was made with. */
    public List<?> arguments() {
        return arguments;
    }

    Map<String, @Nullable Object> attributes() {
        return attributes;
    }

    /** State that is no dictionary. */
    public Optional<Object> state() {
        return Optional.ofNullable(state);
    }

    void state(@Nullable Object value) {
        state = value;
    }

    /** The attribute; empty where it is absent or None. */
    public Optional<Object> find(String name) {
        return Optional.ofNullable(attributes.get(name));
    }

    /** The first of these attributes that is there: their names change between versions of scikit-learn. */
    public Optional<Object> findAny(String... names) {
        for (String name : names) {
            if (attributes.get(name) != null) {
                return find(name);
            }
        }
        return Optional.empty();
    }

    private <T> T as(Class<T> kind, String name, @Nullable Object value) {
        if (kind.isInstance(value)) {
            return kind.cast(value);
        }
        throw new InvalidRequestException("%s.%s is %s, not what a fitted one has"
                .formatted(simpleType(), name, value == null ? "absent" : "of another type"));
    }

    public NdArray array(String... names) {
        return as(NdArray.class, names[0], findAny(names).orElse(null));
    }

    public Optional<NdArray> findArray(String name) {
        return find(name).filter(NdArray.class::isInstance).map(NdArray.class::cast);
    }

    public List<?> list(String name) {
        return as(List.class, name, attributes.get(name));
    }

    public PyObject object(String name) {
        return as(PyObject.class, name, attributes.get(name));
    }

    public Optional<PyObject> findObject(String name) {
        return find(name).filter(PyObject.class::isInstance).map(PyObject.class::cast);
    }

    public double number(String name) {
        Object value = attributes.get(name);
        return as(Number.class, name, value instanceof NdArray array ? array.scalar() : value)
                .doubleValue();
    }

    public double number(String name, double otherwise) {
        return find(name).isPresent() ? number(name) : otherwise;
    }

    public OptionalDouble findNumber(String name) {
        return find(name).filter(Number.class::isInstance).isPresent()
                ? OptionalDouble.of(number(name))
                : OptionalDouble.empty();
    }

    public int integer(String name) {
        return (int) number(name);
    }

    public boolean flag(String name, boolean otherwise) {
        return find(name)
                .filter(Boolean.class::isInstance)
                .map(Boolean.class::cast)
                .orElse(otherwise);
    }

    public String text(String name, String otherwise) {
        return find(name)
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .orElse(otherwise);
    }

    @Override
    public String toString() {
        return type;
    }
}
