package forge.ai.backend.sklearn.estimator;

/** Makes other features of features. */
@FunctionalInterface
interface Transformer {
    Table transform(Table rows);
}
