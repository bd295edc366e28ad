/** The Open Inference Protocol, version 2, over REST: models, their metadata and states, and inference on tensors. */
@NullMarked
package forge.ai.runtime.server.openinference;

import org.jspecify.annotations.NullMarked;
