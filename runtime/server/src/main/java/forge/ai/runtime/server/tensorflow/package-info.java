/** The REST interface of TensorFlow Serving, for all models of the repository. */
@NullMarked
package forge.ai.runtime.server.tensorflow;

import org.jspecify.annotations.NullMarked;
