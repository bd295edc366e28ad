/** The Open Inference Protocol, version 2, over gRPC: models, their metadata and states, and inference on tensors. */
@NullMarked
package forge.ai.runtime.grpc;

import org.jspecify.annotations.NullMarked;
