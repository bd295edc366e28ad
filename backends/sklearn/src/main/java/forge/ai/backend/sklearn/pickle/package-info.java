/** Reads pickle and joblib files as data: nothing that they name is instantiated or called. */
@NullMarked
package forge.ai.backend.sklearn.pickle;

import org.jspecify.annotations.NullMarked;
