package forge.ai.runtime.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What bundles declare about their configurations, in the documents of OSGI-INF/metatype (OSGi Compendium 105). Read
 * here, since the metatype service does not tell the least and the greatest value.
 */
final class Metatypes {

    private static final Logger LOG = LoggerFactory.getLogger(Metatypes.class);

    private final BundleContext system;

    Metatypes(BundleContext system) {
        this.system = system;
    }

    /** The keys of a configuration by name, as the newest bundle declares them; empty if none does. */
    Optional<Map<String, AttributeType>> of(Pid pid) {
        return Stream.of(system.getBundles())
                .filter(bundle -> bundle.getState() != Bundle.UNINSTALLED)
                .sorted(Comparator.comparing(Bundle::getBundleId).reversed())
                .map(Metatypes::of)
                .filter(declared -> declared.containsKey(pid.declared()))
                .findFirst()
                .map(declared -> declared.get(pid.declared()));
    }

    /** The keys that a bundle declares, by PID. */
    static Map<String, Map<String, AttributeType>> of(Bundle bundle) {
        Map<String, Map<String, AttributeType>> declared = new HashMap<>();
        if (bundle.getEntryPaths("OSGI-INF/metatype") == null) {
            return declared;
        }
        for (String path : Collections.list(bundle.getEntryPaths("OSGI-INF/metatype"))) {
            URL document = bundle.getEntry(path);
            if (path.endsWith(".xml") && document != null) {
                try (InputStream in = document.openStream()) {
                    declared.putAll(read(in));
                } catch (IOException | XMLStreamException e) {
                    LOG.warn("{}: {} cannot be read: {}", bundle, path, Refused.said(e));
                }
            }
        }
        return declared;
    }

    /** Reads one document: the attributes of each PID that it designates. */
    static Map<String, Map<String, AttributeType>> read(InputStream document) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        XMLStreamReader xml = factory.createXMLStreamReader(document);
        Map<String, Map<String, AttributeType>> classes = new HashMap<>();
        Map<String, Map<String, AttributeType>> designated = new HashMap<>();
        Map<String, AttributeType> current = new HashMap<>();
        String pid = "";
        while (xml.hasNext()) {
            if (xml.next() != XMLStreamConstants.START_ELEMENT) {
                continue;
            }
            switch (xml.getLocalName()) {
                case "OCD" -> {
                    current = new HashMap<>();
                    classes.put(attribute(xml, "id", ""), current);
                }
                case "AD" -> {
                    AttributeType type = type(xml);
                    current.put(type.key(), type);
                }
                case "Designate" -> pid = attribute(xml, "factoryPid", attribute(xml, "pid", ""));
                case "Object" -> designated.put(pid, classes.getOrDefault(attribute(xml, "ocdref", ""), Map.of()));
                default -> {}
            }
        }
        return designated;
    }

    /** Reads an attribute definition with the options inside. */
    private static AttributeType type(XMLStreamReader xml) throws XMLStreamException {
        String key = attribute(xml, "id", "");
        String type = attribute(xml, "type", "String");
        boolean many = !attribute(xml, "cardinality", "0").equals("0");
        boolean required = attribute(xml, "required", "true").equals("true");
        String min = xml.getAttributeValue(null, "min");
        String max = xml.getAttributeValue(null, "max");
        boolean defaulted = xml.getAttributeValue(null, "default") != null;
        List<String> options = new ArrayList<>();
        while (xml.next() != XMLStreamConstants.END_ELEMENT
                || !xml.getLocalName().equals("AD")) {
            if (xml.isStartElement() && xml.getLocalName().equals("Option")) {
                options.add(attribute(xml, "value", ""));
            }
        }
        return new AttributeType(key, type, many, required, min, max, options, defaulted);
    }

    private static String attribute(XMLStreamReader xml, String name, String otherwise) {
        @Nullable String value = xml.getAttributeValue(null, name);
        return value == null ? otherwise : value;
    }
}
