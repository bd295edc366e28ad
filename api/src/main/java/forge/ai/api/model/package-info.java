/** Backends that compute models, and the registry of the models that are served. */
@Export
@Version("0.1.0")
@NullMarked
package forge.ai.api.model;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
