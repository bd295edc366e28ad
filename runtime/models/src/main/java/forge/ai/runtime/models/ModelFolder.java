package forge.ai.runtime.models;

import java.nio.file.Path;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The folder of one model as it was at one look.
 *
 * @param config the stamp of its {@code config.json}, if it has one
 * @param versions its versions that have files
 */
record ModelFolder(String name, Path folder, Optional<FileStamp> config, NavigableMap<Long, VersionFolder> versions) {

    static final String CONFIG = "config.json";

    ModelFolder {
        versions = Collections.unmodifiableNavigableMap(new TreeMap<>(versions));
    }

    /** The same with a version 1 that is the settings alone, if it has no other: that of a model made of others. */
    ModelFolder withSettingsAsVersion() {
        if (!versions.isEmpty() || config.isEmpty()) {
            return this;
        }
        TreeMap<Long, VersionFolder> only = new TreeMap<>();
        only.put(1L, VersionFolder.ofSettings(folder, config));
        return new ModelFolder(name, folder, config, only);
    }

    /** A text that changes whenever a file of the model does, equal after a restart. */
    String fingerprint() {
        return Hashes.ofText(config + " " + versions.values());
    }
}
