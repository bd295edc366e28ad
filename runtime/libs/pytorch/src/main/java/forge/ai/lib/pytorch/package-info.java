/** Starts libtorch when its bundle starts. */
@NullMarked
package forge.ai.lib.pytorch;

import org.jspecify.annotations.NullMarked;
