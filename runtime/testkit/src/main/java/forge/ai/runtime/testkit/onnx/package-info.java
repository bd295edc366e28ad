/** What the tests of the backends of ONNX share. */
@NullMarked
package forge.ai.runtime.testkit.onnx;

import org.jspecify.annotations.NullMarked;
