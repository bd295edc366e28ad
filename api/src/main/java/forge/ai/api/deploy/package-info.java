/** Bundles, features and configurations that are put in, replaced and taken out while the runtime runs. */
@Export
@Version("0.1.0")
@NullMarked
package forge.ai.api.deploy;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
