package forge.ai.runtime.deploy;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.NotFoundException;
import forge.ai.api.deploy.Configurations;
import forge.ai.api.deploy.Deployment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads and changes the configurations by call: what is changed is written to the file. */
final class FileConfigurations implements Configurations {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*(~[A-Za-z0-9_.-]+)?");

    private final ConfigurationFiles files;
    private final ConfigurationTable table;
    private final ConfigurationRules rules;

    FileConfigurations(ConfigurationFiles files, ConfigurationTable table, ConfigurationRules rules) {
        this.files = files;
        this.table = table;
        this.rules = rules;
    }

    @Override
    public List<String> pids() {
        try {
            return List.copyOf(table.pids());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Map<String, Object> values(String pid) {
        Pid of = new Pid(pid);
        Map<String, Object> shown = new TreeMap<>();
        raw(of).orElseThrow(() -> new NotFoundException("there is no configuration " + pid))
                .forEach((key, value) -> shown.put(key, rules.shown(of, key, value)));
        return shown;
    }

    private Optional<Map<String, Object>> raw(Pid pid) {
        try {
            return table.values(pid);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Deployment set(String pid, Map<String, Object> changes) {
        if (!NAME.matcher(pid).matches()) {
            throw new InvalidRequestException("'" + pid + "' is no PID: letters, digits, '_', '-', '.' are allowed, "
                    + "and '~' before the name of an instance");
        }
        Pid of = new Pid(pid);
        Map<String, Object> values = new TreeMap<>(raw(of).orElse(Map.of()));
        changes.forEach((key, value) -> change(of, values, key, value));
        try {
            rules.unknown(of, Map.copyOf(changes)).ifPresent(unknown -> {
                throw new Refused(unknown);
            });
            return files.write(of, values);
        } catch (Refused e) {
            throw new InvalidRequestException(of.file() + ": " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void change(Pid pid, Map<String, Object> values, String key, Object value) {
        if ("".equals(value)) {
            values.remove(key);
        } else if (!ConfigurationRules.MASK.equals(value)) {
            // A mask that comes back as it was shown changes nothing.
            values.put(key, value instanceof List<?> list ? array(list) : rules.typed(pid, key, value));
        }
    }

    /** Configurations hold arrays of one type: of whole numbers, numbers, booleans, or else strings. */
    private static Object array(List<?> list) {
        if (!list.isEmpty() && list.stream().allMatch(v -> v instanceof Long || v instanceof Integer)) {
            return list.stream().map(v -> ((Number) v).longValue()).toArray(Long[]::new);
        }
        if (!list.isEmpty() && list.stream().allMatch(Number.class::isInstance)) {
            return list.stream().map(v -> ((Number) v).doubleValue()).toArray(Double[]::new);
        }
        if (!list.isEmpty() && list.stream().allMatch(Boolean.class::isInstance)) {
            return list.toArray(Boolean[]::new);
        }
        return list.stream().map(Object::toString).toArray(String[]::new);
    }

    @Override
    public void remove(String pid) {
        try {
            if (!NAME.matcher(pid).matches() || !files.delete(new Pid(pid))) {
                throw new NotFoundException("the conf folder has no file " + pid + Pid.ENDING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
