/** Computes ONNX models with ONNX Runtime, called through its C interface. */
@NullMarked
package forge.ai.backend.onnxffm;

import org.jspecify.annotations.NullMarked;
