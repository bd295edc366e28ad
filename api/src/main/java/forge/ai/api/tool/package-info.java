/** Tools in Java that language models can call, and the loop that runs them. */
@Export
@Version("0.1.0")
@NullMarked
package forge.ai.api.tool;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
