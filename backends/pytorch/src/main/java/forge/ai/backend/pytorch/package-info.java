/** Computes TorchScript models with libtorch. */
@NullMarked
package forge.ai.backend.pytorch;

import org.jspecify.annotations.NullMarked;
