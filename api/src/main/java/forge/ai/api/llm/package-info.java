/**
 * Language models: providers that reach them, and the service that routes calls to providers.
 *
 * <p>JSON stands as text wherever it appears (tool arguments, schemas, extensions), so that the contract depends on no
 * library.
 */
@Export
@Version("0.1.0")
@NullMarked
package forge.ai.api.llm;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
