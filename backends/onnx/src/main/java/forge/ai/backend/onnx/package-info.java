/** Computes ONNX models with ONNX Runtime. */
@NullMarked
package forge.ai.backend.onnx;

import org.jspecify.annotations.NullMarked;
