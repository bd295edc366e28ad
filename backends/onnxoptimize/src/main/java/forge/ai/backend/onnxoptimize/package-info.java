/** Optimises ONNX models and rounds their weights. */
@NullMarked
package forge.ai.backend.onnxoptimize;

import org.jspecify.annotations.NullMarked;
