package forge.ai.provider.azure;

import java.time.Duration;
import java.util.Optional;

/** Where what proves to Azure who calls comes from. */
interface Credentials {

    /**
     * What to use in a region now.
     *
     * @param limit the longest to wait for it, zero for no limit
     */
    Credential current(Region region, Duration limit);

    /** Notes that a region refused this one, and gives another that may be taken, if there is one. */
    Optional<Credential> another(Region region, Credential refused, Duration limit);

    /** What must not appear in errors besides the credential in use. */
    String[] secrets();
}
