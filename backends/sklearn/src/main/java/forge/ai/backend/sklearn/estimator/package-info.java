/** Computes with what scikit-learn's estimators learned; each class is named for the family it evaluates. */
@NullMarked
package forge.ai.backend.sklearn.estimator;

import org.jspecify.annotations.NullMarked;
