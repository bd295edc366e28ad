/** Typed, shaped values that go into models and come out of them. */
@Export
@Version("0.1.0")
@NullMarked
package forge.ai.api.tensor;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
