/** Reading and writing JSON the same way everywhere. */
@NullMarked
package forge.ai.runtime.support.json;

import org.jspecify.annotations.NullMarked;
