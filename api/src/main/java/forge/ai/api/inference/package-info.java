/** Computing with the models of the registry. */
@Export
@Version("0.1.0")
@NullMarked
package forge.ai.api.inference;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
