/** Conversations whose history is kept by the runtime. */
@Export
@Version("0.1.0")
@NullMarked
package forge.ai.api.conversation;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
