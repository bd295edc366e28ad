package forge.ai.runtime.deploy;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Checks a configuration against what the bundle that takes it declares, and knows which of its values are secret. */
final class ConfigurationRules {

    static final String MASK = "***";

    /** Keys that the framework understands whatever a bundle declares, and private ones. */
    private static final Pattern COMMON =
            Pattern.compile("\\..*|service\\..*|osgi\\..*|felix\\..*|.*\\.target|.*\\.cardinality\\.minimum|.*:.*");

    private static final Pattern SECRET_KEY = Pattern.compile("(?i).*(password|secret|token|api\\.?key).*");

    private final Metatypes metatypes;
    private final Placeholders placeholders;
    private final SettingsCheck settings;

    ConfigurationRules(Metatypes metatypes, Placeholders placeholders, SettingsCheck settings) {
        this.metatypes = metatypes;
        this.placeholders = placeholders;
        this.settings = settings;
    }

    /**
     * Checks all values.
     *
     * @throws Refused naming key, value and what is allowed; the file is for the caller to name
     */
    void check(Pid pid, Map<String, Object> values) {
        Map<String, AttributeType> declared = metatypes.of(pid).orElse(Map.of());
        Map<String, Object> all = new HashMap<>();
        values.forEach((key, value) -> {
            Object resolved = resolve(key, value);
            all.put(key, resolved);
            AttributeType type = declared.get(key);
            if (type != null) {
                type.wrong(resolved).ifPresent(wrong -> {
                    throw new Refused(key + " = " + shown(pid, key, value) + " is not allowed; " + wrong);
                });
            }
        });
        for (AttributeType type : declared.values()) {
            if (type.required() && !type.defaulted() && !values.containsKey(type.key())) {
                throw new Refused(type.key() + " is missing; it has no default; allowed: " + type.allowed());
            }
        }
        settings.check(pid, all);
    }

    private Object resolve(String key, Object value) {
        try {
            return placeholders.resolve(value);
        } catch (Refused e) {
            throw new Refused(key + ": " + e.getMessage(), e);
        }
    }

    /** Keys that the bundle does not know, with those it does, for people; empty if it knows them all. */
    Optional<String> unknown(Pid pid, Map<String, Object> values) {
        return metatypes.of(pid).flatMap(declared -> {
            List<String> unknown = values.keySet().stream()
                    .filter(key ->
                            !declared.containsKey(key) && !COMMON.matcher(key).matches())
                    .toList();
            return unknown.isEmpty()
                    ? Optional.empty()
                    : Optional.of("unknown " + String.join(", ", unknown) + "; the keys are "
                            + String.join(", ", new TreeSet<>(declared.keySet())));
        });
    }

    /** Turns a string into the type declared for a key, where it is one; a wrong one is found by {@link #check}. */
    Object typed(Pid pid, String key, Object value) {
        AttributeType type = metatypes.of(pid).orElse(Map.of()).get(key);
        if (type == null || !(value instanceof String text) || Placeholders.in(text)) {
            return value;
        }
        if (type.many()) {
            return Arrays.stream(text.split(",")).map(String::strip).toArray(String[]::new);
        }
        try {
            return switch (type.type()) {
                case "Integer", "Short", "Byte", "Long" -> Long.valueOf(text.strip());
                case "Double", "Float" -> Double.valueOf(text.strip());
                case "Boolean" -> text.strip().matches("(?i)true|false") ? Boolean.valueOf(text.strip()) : text;
                default -> text;
            };
        } catch (NumberFormatException e) {
            return text;
        }
    }

    /** A value for people: a secret in the clear is masked. */
    Object shown(Pid pid, String key, Object value) {
        boolean secret = metatypes
                .of(pid)
                .map(declared -> declared.get(key))
                .map(AttributeType::secret)
                .orElseGet(() -> SECRET_KEY.matcher(key).matches() && !(value instanceof Number));
        if (secret && !Placeholders.whole(value)) {
            return MASK;
        }
        return value.getClass().isArray() ? list(value) : value;
    }

    private static List<Object> list(Object array) {
        Object[] all = new Object[Array.getLength(array)];
        Arrays.setAll(all, i -> Array.get(array, i));
        return List.of(all);
    }
}
