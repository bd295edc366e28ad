/** Starts TensorFlow when its bundle starts. */
@NullMarked
package forge.ai.lib.tensorflow;

import org.jspecify.annotations.NullMarked;
