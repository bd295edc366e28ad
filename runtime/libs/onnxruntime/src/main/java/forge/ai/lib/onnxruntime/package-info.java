/** Starts ONNX Runtime when its bundle starts. */
@NullMarked
package forge.ai.lib.onnxruntime;

import org.jspecify.annotations.NullMarked;
