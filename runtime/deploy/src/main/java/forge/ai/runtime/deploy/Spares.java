package forge.ai.runtime.deploy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;

/**
 * Bundles that are filled with one replacement after the other, in turns: while one serves the next is made ready in
 * another, and what has been replaced is emptied.
 *
 * <p>Uninstalling each would cost memory with every replacement, since the framework keeps an uninstalled bundle for as
 * long as services are there that it has used, and the log service keeps its loggers.
 */
final class Spares {

    /** The most empty ones that a name keeps: as many are needed as old ones are held by calls at the same time. */
    private static final int EMPTY_ONES = 8;

    private static final String NOTHING = "";

    /** @param hash of the artifact, or {@link #NOTHING} */
    private record Content(String symbolicName, String hash) {}

    private final Map<Bundle, Content> contents = new ConcurrentHashMap<>();

    boolean holds(Bundle bundle, Artifact artifact) {
        Content content = contents.get(bundle);
        return content != null && content.hash().equals(artifact.hash());
    }

    /** Takes note of what a bundle was filled with. */
    void filled(Bundle bundle, Artifact artifact) {
        contents.put(bundle, new Content(artifact.symbolicName(), artifact.hash()));
    }

    /** An empty one for the next artifact of a name. */
    Optional<Bundle> empty(String symbolicName) {
        return empties(symbolicName).stream().findFirst();
    }

    private List<Bundle> empties(String symbolicName) {
        return contents.entrySet().stream()
                .filter(e -> e.getValue().equals(new Content(symbolicName, NOTHING)))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Takes the content out of a stopped one; false if it is none of these, or none any more, and can be uninstalled. */
    boolean vacate(Bundle bundle) throws BundleException {
        Content content = contents.get(bundle);
        if (content == null) {
            return false;
        }
        if (empties(content.symbolicName()).size() >= EMPTY_ONES) {
            contents.remove(bundle);
            return false;
        }
        bundle.update(nothing(content.symbolicName() + ".spare-" + bundle.getBundleId()));
        return contents.replace(bundle, content, new Content(content.symbolicName(), NOTHING));
    }

    /** Gives those of a name up, which is not replaced any more; the empty ones can be uninstalled now. */
    List<Bundle> release(String symbolicName) {
        List<Bundle> empty = empties(symbolicName);
        new ArrayList<>(contents.keySet())
                .forEach(bundle -> contents.computeIfPresent(
                        bundle, (b, content) -> content.symbolicName().equals(symbolicName) ? null : content));
        return empty;
    }

    /** A jar with a manifest and nothing else. */
    private static InputStream nothing(String symbolicName) {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        main.putValue(Constants.BUNDLE_SYMBOLICNAME, symbolicName);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            new JarOutputStream(bytes, manifest).close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }
}
