package forge.ai.runtime.deploy;

import java.nio.file.Path;
import org.osgi.framework.Version;

/**
 * A bundle that was put in and found to be whole.
 *
 * @param symbolicName its Bundle-SymbolicName
 * @param version its Bundle-Version
 * @param hash of its content, in hexadecimal
 * @param jar our copy of it, which nobody else writes to
 * @param restart whether it can only be replaced while the runtime starts
 * @param fragment whether it is a part of another bundle, which takes it only while the runtime starts
 */
record Artifact(String symbolicName, Version version, String hash, Path jar, boolean restart, boolean fragment) {

    @Override
    public String toString() {
        return symbolicName + " " + version;
    }
}
