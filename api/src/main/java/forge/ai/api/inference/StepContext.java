package forge.ai.api.inference;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.model.StepConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * For which model a {@link Step} works, and with which parameters.
 *
 * @param model the model's name
 * @param version its version
 * @param folder where the version's files lie
 * @param config the step's entry in the model's settings
 */
public record StepContext(String model, long version, Path folder, StepConfig config) {

    public StepContext {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(folder, "folder");
        Objects.requireNonNull(config, "config");
    }

    /** A parameter that is a text; empty if it is not given. */
    public Optional<String> text(String key) {
        return given(key, String.class, "a text");
    }

    /** A parameter that is true or false. */
    public boolean truth(String key, boolean otherwise) {
        return given(key, Boolean.class, "true or false").orElse(otherwise);
    }

    /** A parameter that is a number. */
    public double number(String key, double otherwise) {
        return given(key, Number.class, "a number").map(Number::doubleValue).orElse(otherwise);
    }

    /** A whole number within limits; it must be given if {@code otherwise} is not within them. */
    public long whole(String key, long least, long most, long otherwise) {
        String allowed = "a whole number from " + least + " to " + most;
        long value = given(key, Long.class, allowed).orElse(otherwise);
        if (value < least || value > most) {
            throw refused(key, allowed);
        }
        return value;
    }

    /** A parameter that is one number or a list of numbers; empty if it is not given. */
    public List<Double> numbers(String key) {
        Object value = config.parameters().get(key);
        String allowed = "a number or a list of numbers";
        List<Double> numbers = new ArrayList<>();
        for (Object one : value == null ? List.of() : value instanceof List<?> several ? several : List.of(value)) {
            if (!(one instanceof Number number)) {
                throw refused(key, allowed);
            }
            numbers.add(number.doubleValue());
        }
        return numbers;
    }

    private <T> Optional<T> given(String key, Class<T> type, String allowed) {
        Object value = config.parameters().get(key);
        if (value != null && !type.isInstance(value)) {
            throw refused(key, allowed);
        }
        return Optional.ofNullable(type.cast(value));
    }

    /** The error for a parameter that is missing or wrong. */
    public InvalidRequestException refused(String key, String allowed) {
        Object value = config.parameters().get(key);
        return new InvalidRequestException("the step %s of the model %s: %s is %s; allowed is %s"
                .formatted(config.step(), model, key, value == null ? "missing" : value, allowed));
    }
}
