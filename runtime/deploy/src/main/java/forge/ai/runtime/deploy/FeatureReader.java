package forge.ai.runtime.deploy;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.felix.cm.json.io.Configurations;
import org.osgi.service.feature.Feature;
import org.osgi.service.feature.FeatureBundle;
import org.osgi.service.feature.FeatureExtension;
import org.osgi.service.feature.FeatureService;

/** Reads the JSON documents of the OSGi Feature Service (Compendium 8, chapter 159). */
final class FeatureReader {

    private static final String BUNDLES = "bundles";
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]+)}");

    private final FeatureService service;

    FeatureReader(FeatureService service) {
        this.service = service;
    }

    /** @throws Refused if it is not such a document, or asks for what cannot be given */
    FeatureDocument read(byte[] content) {
        Feature feature = parse(content);
        if (feature.getID() == null) {
            throw new Refused("the feature has no id: group:artifact:version");
        }
        for (FeatureExtension extension : feature.getExtensions().values()) {
            if (extension.getKind() == FeatureExtension.Kind.MANDATORY) {
                throw new Refused("its extension " + extension.getName() + " is mandatory, but not known here");
            }
        }
        Map<Pid, Map<String, Object>> configurations = new LinkedHashMap<>();
        feature.getConfigurations()
                .forEach((pid, values) ->
                        configurations.put(new Pid(pid), substitute(values.getValues(), feature.getVariables())));
        return new FeatureDocument(
                feature.getID(),
                feature.getBundles().stream().map(FeatureBundle::getID).toList(),
                configurations);
    }

    private Feature parse(byte[] content) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            return service.readFeature(new StringReader(regular(text)));
        } catch (CharacterCodingException e) {
            throw new Refused("not UTF-8", e);
        } catch (IOException | RuntimeException e) {
            throw new Refused("not a feature in JSON: " + Refused.said(e), e);
        }
    }

    /** The document with bundles as objects: the service silently leaves out one that is given by its id alone. */
    private static String regular(String text) throws IOException {
        try (JsonReader reader = Json.createReader(Configurations.jsonCommentAwareReader(new StringReader(text)))) {
            JsonObject document = reader.readObject();
            JsonArrayBuilder bundles = Json.createArrayBuilder();
            for (JsonValue bundle :
                    document.getOrDefault(BUNDLES, JsonValue.EMPTY_JSON_ARRAY).asJsonArray()) {
                bundles.add(
                        bundle instanceof JsonString id
                                ? Json.createObjectBuilder().add("id", id)
                                : object(bundle));
            }
            return Json.createObjectBuilder(document)
                    .add(BUNDLES, bundles)
                    .build()
                    .toString();
        }
    }

    private static JsonObjectBuilder object(JsonValue bundle) {
        return Json.createObjectBuilder(bundle.asJsonObject());
    }

    private static Map<String, Object> substitute(Map<String, Object> values, Map<String, Object> variables) {
        Map<String, Object> substituted = new HashMap<>();
        values.forEach((key, value) -> substituted.put(key, substitute(value, variables)));
        return substituted;
    }

    private static Object substitute(Object value, Map<String, Object> variables) {
        return switch (value) {
            case String text -> substitute(text, variables);
            case String[] texts ->
                List.of(texts).stream().map(t -> substitute(t, variables)).toArray(String[]::new);
            default -> value;
        };
    }

    private static String substitute(String text, Map<String, Object> variables) {
        return VARIABLE.matcher(text).replaceAll(found -> {
            String name = found.group(1);
            if (!variables.containsKey(name)) {
                return Matcher.quoteReplacement(found.group());
            }
            if (variables.get(name) == null) {
                throw new Refused("its variable " + name + " has no value");
            }
            return Matcher.quoteReplacement(variables.get(name).toString());
        });
    }
}
