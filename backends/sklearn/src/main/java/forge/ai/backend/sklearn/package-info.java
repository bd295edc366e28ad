/** Models that scikit-learn saved, read and computed without Python and without executing their pickles. */
@NullMarked
package forge.ai.backend.sklearn;

import org.jspecify.annotations.NullMarked;
