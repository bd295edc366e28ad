/** Vectors that are kept and searched by nearness, and k-means over them. */
@Export
@Version("0.1.0")
@NullMarked
package forge.ai.api.vector;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
