package forge.ai.backend.sklearn.estimator;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import forge.ai.backend.sklearn.pickle.PyObject;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Makes estimators of what a file says of them. */
public final class Estimators {

    private static final int DEEPEST = 16;

    private static final Map<String, BiFunction<PyObject, Estimators, Fitted>> KINDS = Map.ofEntries(
            Map.entry("LinearRegression", (o, e) -> LinearModel.regressor(o)),
            Map.entry("Ridge", (o, e) -> LinearModel.regressor(o)),
            Map.entry("RidgeCV", (o, e) -> LinearModel.regressor(o)),
            Map.entry("Lasso", (o, e) -> LinearModel.regressor(o)),
            Map.entry("LassoCV", (o, e) -> LinearModel.regressor(o)),
            Map.entry("ElasticNet", (o, e) -> LinearModel.regressor(o)),
            Map.entry("ElasticNetCV", (o, e) -> LinearModel.regressor(o)),
            Map.entry("MultiTaskLasso", (o, e) -> LinearModel.regressor(o)),
            Map.entry("MultiTaskElasticNet", (o, e) -> LinearModel.regressor(o)),
            Map.entry("BayesianRidge", (o, e) -> LinearModel.regressor(o)),
            Map.entry("ARDRegression", (o, e) -> LinearModel.regressor(o)),
            Map.entry("HuberRegressor", (o, e) -> LinearModel.regressor(o)),
            Map.entry("SGDRegressor", (o, e) -> LinearModel.regressor(o)),
            Map.entry("PassiveAggressiveRegressor", (o, e) -> LinearModel.regressor(o)),
            Map.entry("LinearSVR", (o, e) -> LinearModel.regressor(o)),
            Map.entry("LogisticRegression", (o, e) -> LinearModel.logistic(o)),
            Map.entry("LogisticRegressionCV", (o, e) -> LinearModel.logistic(o)),
            Map.entry("SGDClassifier", (o, e) -> LinearModel.stochastic(o)),
            Map.entry("Perceptron", (o, e) -> LinearModel.classifier(o)),
            Map.entry("PassiveAggressiveClassifier", (o, e) -> LinearModel.classifier(o)),
            Map.entry("RidgeClassifier", (o, e) -> LinearModel.classifier(o)),
            Map.entry("RidgeClassifierCV", (o, e) -> LinearModel.classifier(o)),
            Map.entry("LinearSVC", (o, e) -> LinearModel.classifier(o)),
            Map.entry("SVC", (o, e) -> SupportVectors.classifier(o)),
            Map.entry("NuSVC", (o, e) -> SupportVectors.classifier(o)),
            Map.entry("SVR", (o, e) -> SupportVectors.regressor(o)),
            Map.entry("NuSVR", (o, e) -> SupportVectors.regressor(o)),
            Map.entry("KNeighborsClassifier", (o, e) -> NearestNeighbors.classifier(o)),
            Map.entry("KNeighborsRegressor", (o, e) -> NearestNeighbors.regressor(o)),
            Map.entry("GaussianNB", (o, e) -> NaiveBayes.gaussian(o)),
            Map.entry("MultinomialNB", (o, e) -> NaiveBayes.multinomial(o)),
            Map.entry("BernoulliNB", (o, e) -> NaiveBayes.bernoulli(o)),
            Map.entry("DecisionTreeClassifier", (o, e) -> TreeEnsemble.classifier(o)),
            Map.entry("ExtraTreeClassifier", (o, e) -> TreeEnsemble.classifier(o)),
            Map.entry("DecisionTreeRegressor", (o, e) -> TreeEnsemble.regressor(o)),
            Map.entry("ExtraTreeRegressor", (o, e) -> TreeEnsemble.regressor(o)),
            Map.entry("RandomForestClassifier", (o, e) -> TreeEnsemble.classifier(o)),
            Map.entry("ExtraTreesClassifier", (o, e) -> TreeEnsemble.classifier(o)),
            Map.entry("RandomForestRegressor", (o, e) -> TreeEnsemble.regressor(o)),
            Map.entry("ExtraTreesRegressor", (o, e) -> TreeEnsemble.regressor(o)),
            Map.entry("GradientBoostingClassifier", GradientBoosting::classifier),
            Map.entry("GradientBoostingRegressor", GradientBoosting::regressor),
            Map.entry("HistGradientBoostingClassifier", HistGradientBoosting::classifier),
            Map.entry("HistGradientBoostingRegressor", HistGradientBoosting::regressor),
            Map.entry("IsolationForest", (o, e) -> IsolationForest.of(o)),
            Map.entry("AdaBoostClassifier", AdaBoost::classifier),
            Map.entry("KMeans", (o, e) -> KMeans.of(o)),
            Map.entry("MiniBatchKMeans", (o, e) -> KMeans.of(o)),
            Map.entry("MLPClassifier", (o, e) -> MultilayerPerceptron.classifier(o)),
            Map.entry("MLPRegressor", (o, e) -> MultilayerPerceptron.regressor(o)),
            Map.entry("PCA", (o, e) -> Decomposition.pca(o)),
            Map.entry("TruncatedSVD", (o, e) -> Decomposition.truncated(o)),
            Map.entry("StandardScaler", (o, e) -> Scaler.standard(o)),
            Map.entry("MinMaxScaler", (o, e) -> Scaler.minMax(o)),
            Map.entry("MaxAbsScaler", (o, e) -> Scaler.maxAbs(o)),
            Map.entry("RobustScaler", (o, e) -> Scaler.robust(o)),
            Map.entry("Normalizer", (o, e) -> Scaler.normalizer(o)),
            Map.entry("Binarizer", (o, e) -> Scaler.binarizer(o)),
            Map.entry("OneHotEncoder", (o, e) -> CategoryEncoder.oneHot(o)),
            Map.entry("OrdinalEncoder", (o, e) -> CategoryEncoder.ordinal(o)),
            Map.entry("SimpleImputer", (o, e) -> Imputer.of(o)),
            Map.entry("PolynomialFeatures", (o, e) -> Polynomial.of(o)),
            Map.entry("FunctionTransformer", (o, e) -> Composition.function(o)),
            Map.entry("Pipeline", Composition::pipeline),
            Map.entry("FeatureUnion", Composition::union),
            Map.entry("ColumnTransformer", ColumnTransformer::of),
            Map.entry("CountVectorizer", (o, e) -> TextVectorizer.count(o)),
            Map.entry("TfidfVectorizer", (o, e) -> TextVectorizer.tfidf(o)),
            Map.entry("HashingVectorizer", (o, e) -> TextVectorizer.hashing(o)),
            Map.entry("TfidfTransformer", (o, e) -> Tfidf.of(o)));

    private final int depth;

    private Estimators(int depth) {
        this.depth = depth;
    }

    /**
     * Makes the estimator of a file.
     *
     * @param root the estimator, or a dictionary in which it is {@code model} or the only one
     * @throws InvalidRequestException if there is none, or it is damaged or not fitted
     * @throws UnsupportedException if it uses what is not computed here
     */
    public static Fitted read(@Nullable Object root) {
        try {
            return new Estimators(0).of(estimator(root));
        } catch (IndexOutOfBoundsException | ArithmeticException | ClassCastException | NegativeArraySizeException e) {
            throw new InvalidRequestException("the model's arrays do not fit each other: " + e.getMessage());
        }
    }

    private static PyObject estimator(@Nullable Object root) {
        if (root instanceof PyObject object) {
            return object;
        }
        if (root instanceof Map<?, ?> map) {
            if (map.get("model") instanceof PyObject object) {
                return object;
            }
            List<PyObject> objects = map.values().stream()
                    .filter(v -> v instanceof PyObject o && KINDS.containsKey(o.simpleType()))
                    .map(PyObject.class::cast)
                    .toList();
            if (objects.size() == 1) {
                return objects.getFirst();
            }
        }
        throw new InvalidRequestException("the file holds no model of scikit-learn");
    }

    /** An estimator within another one. */
    Fitted of(PyObject object) {
        BiFunction<PyObject, Estimators, Fitted> kind = KINDS.get(object.simpleType());
        if (kind == null) {
            throw new UnsupportedException("models of the class " + object.type() + " are not computed");
        }
        if (depth == DEEPEST) {
            throw new InvalidRequestException("more than " + DEEPEST + " estimators within each other");
        }
        return kind.apply(object, new Estimators(depth + 1));
    }

    /** How many numbers an estimator takes; -1 if it does not say. */
    static Inputs numbers(PyObject object) {
        return new Inputs.Numbers((int) object.number("n_features_in_", -1));
    }
}
