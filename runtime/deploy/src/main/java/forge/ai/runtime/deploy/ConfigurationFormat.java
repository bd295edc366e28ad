package forge.ai.runtime.deploy;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.Map;
import org.apache.felix.cm.json.io.ConfigurationReader;
import org.apache.felix.cm.json.io.Configurations;

/** The {@code .cfg.json} format of the OSGi Configurator, one configuration a file; comments are allowed. */
final class ConfigurationFormat {

    private ConfigurationFormat() {}

    /** @throws Refused if the file is not such a document */
    static Map<String, Object> read(Path file) throws IOException {
        try {
            return parse(Files.readString(file));
        } catch (CharacterCodingException e) {
            throw new Refused("not UTF-8", e);
        }
    }

    static Map<String, Object> parse(String text) {
        if (text.isBlank()) {
            throw new Refused("empty; it has to be a JSON object: {\"key\": value, ...}");
        }
        try {
            ConfigurationReader reader =
                    Configurations.buildReader().verifyAsBundleResource(false).build(new StringReader(text));
            Map<String, Object> values = new java.util.TreeMap<>(reader.readConfiguration());
            if (!reader.getIgnoredErrors().isEmpty()) {
                throw new Refused(String.join("; ", reader.getIgnoredErrors()));
            }
            return values;
        } catch (IOException | RuntimeException e) {
            if (e instanceof Refused known) {
                throw known;
            }
            throw new Refused("not a configuration in JSON: " + Refused.said(e), e);
        }
    }

    static String write(Map<String, Object> values) {
        StringWriter text = new StringWriter();
        try {
            Hashtable<String, Object> ordered = Configurations.newConfiguration();
            ordered.putAll(values);
            Configurations.buildWriter().build(text).writeConfiguration(ordered);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return text.toString();
    }
}
