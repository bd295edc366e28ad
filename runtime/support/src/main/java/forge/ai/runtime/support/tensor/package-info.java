/** Tensors as people write them. */
@NullMarked
package forge.ai.runtime.support.tensor;

import org.jspecify.annotations.NullMarked;
