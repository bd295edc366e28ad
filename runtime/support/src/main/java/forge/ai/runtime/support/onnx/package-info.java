/** What the backends of ONNX share, however they call ONNX Runtime. */
@NullMarked
package forge.ai.runtime.support.onnx;

import org.jspecify.annotations.NullMarked;
