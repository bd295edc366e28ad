package forge.ai.backend.sklearn.estimator;

/** Rows of features, as they go from step to step. Not changed once made. */
sealed interface Table permits Matrix, SparseMatrix, Frame {

    int rows();

    int columns();

    /** All as numbers; texts are refused, and so is what would take too much memory. */
    Matrix dense();
}
