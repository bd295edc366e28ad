/** What the Open Inference Protocol, version 2, says alike over REST and over gRPC. */
@NullMarked
package forge.ai.runtime.support.openinference;

import org.jspecify.annotations.NullMarked;
