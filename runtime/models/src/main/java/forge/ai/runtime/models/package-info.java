/**
 * The model registry: looks at the repository folder, has backends load what lies there and lends the loaded models to
 * calls.
 */
@NullMarked
package forge.ai.runtime.models;

import org.jspecify.annotations.NullMarked;
