/** Computes models saved by TensorFlow. */
@NullMarked
package forge.ai.backend.tensorflow;

import org.jspecify.annotations.NullMarked;
