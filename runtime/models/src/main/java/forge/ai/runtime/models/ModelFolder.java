package forge.ai.runtime.models;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The folder of one model as it was at one look.
 *
 * @param files the files beside its versions, sorted by path
 * @param versions its versions that have files
 */
record ModelFolder(String name, Path folder, List<FileStamp> files, NavigableMap<Long, VersionFolder> versions) {

    static final String CONFIG = "config.json";

    ModelFolder {
        files = List.copyOf(files);
        versions = Collections.unmodifiableNavigableMap(new TreeMap<>(versions));
    }

    /** The same with a version 1 that is the settings alone, if it has no other: that of a model made of others. */
    ModelFolder withSettingsAsVersion() {
        if (!versions.isEmpty() || config().isEmpty()) {
            return this;
        }
        TreeMap<Long, VersionFolder> only = new TreeMap<>();
        only.put(1L, VersionFolder.ofSettings(folder, config()));
        return new ModelFolder(name, folder, files, only);
    }

    Optional<FileStamp> config() {
        return file(CONFIG);
    }

    /** The stamp of a file beside the versions, if it is there. */
    Optional<FileStamp> file(String name) {
        return files.stream().filter(file -> file.path().equals(name)).findFirst();
    }

    /** A text that changes whenever a file of the model does, equal after a restart. */
    String fingerprint() {
        return Hashes.ofText(files + " " + versions.values());
    }
}
