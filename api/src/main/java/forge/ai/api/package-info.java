/** Errors that every part of the runtime throws, and cancelling. */
@Export
@Version("0.1.0")
@NullMarked
package forge.ai.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
