package forge.ai.runtime.deploy;

import java.util.Comparator;

/**
 * That somebody wants a bundle to be there.
 *
 * @param owner {@code file:NAME} or {@code feature:KEY}
 * @param artifact the bundle
 * @param arrival counts up with everything that is put in
 */
record Claim(String owner, Artifact artifact, long arrival) {

    static final String FILE = "file:";
    static final String FEATURE = "feature:";

    /** What a person put in the folder comes before what a feature asks for, then the higher version, then the newer. */
    static final Comparator<Claim> PREFERENCE = Comparator.comparing(Claim::byFile)
            .thenComparing(claim -> claim.artifact().version())
            .thenComparing(Claim::arrival);

    boolean byFile() {
        return owner.startsWith(FILE);
    }

    /** The file, or the key of the feature. */
    String source() {
        return owner.substring(owner.indexOf(':') + 1);
    }
}
