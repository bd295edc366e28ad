/** Prompts with typed variables, kept in configuration. */
@Export
@Version("0.1.0")
@NullMarked
package forge.ai.api.prompt;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
