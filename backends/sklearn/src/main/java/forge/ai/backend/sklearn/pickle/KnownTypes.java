package forge.ai.backend.sklearn.pickle;

import forge.ai.api.InvalidRequestException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The names that a pickle may use, each in full, and what stands for them here. None is looked up in Java: a class
 * becomes a {@link PyObject}, and the few functions are those by which NumPy and Python write plain data.
 */
final class KnownTypes {

    /** What a function of this list makes of its arguments. */
    private interface Maker {
        @Nullable
        Object make(List<?> arguments);
    }

    private static final Map<String, Maker> FUNCTIONS = Map.ofEntries(
            Map.entry("numpy.core.multiarray._reconstruct", a -> new NdArray()),
            Map.entry("numpy._core.multiarray._reconstruct", a -> new NdArray()),
            Map.entry("numpy.core.multiarray.scalar", KnownTypes::scalar),
            Map.entry("numpy._core.multiarray.scalar", KnownTypes::scalar),
            Map.entry("numpy.core.numeric._frombuffer", KnownTypes::fromBuffer),
            Map.entry("numpy._core.numeric._frombuffer", KnownTypes::fromBuffer),
            Map.entry("numpy.dtype", a -> Dtype.of(argument(a, 0, String.class))),
            Map.entry("_codecs.encode", KnownTypes::encode),
            Map.entry("copyreg._reconstructor", KnownTypes::reconstruct),
            Map.entry("copy_reg._reconstructor", KnownTypes::reconstruct),
            Map.entry("collections.OrderedDict", a -> new LinkedHashMap<>()),
            Map.entry("collections.defaultdict", a -> new LinkedHashMap<>()),
            Map.entry("builtins.set", KnownTypes::set),
            Map.entry("builtins.frozenset", KnownTypes::set),
            Map.entry("__builtin__.set", KnownTypes::set),
            Map.entry("__builtin__.frozenset", KnownTypes::set),
            Map.entry("builtins.bytearray", a -> a.isEmpty() ? new byte[0] : argument(a, 0, byte[].class)));

    /** Named as values only: types of elements, and functions that estimators keep. */
    private static final Set<String> VALUES = names(
            "numpy:ndarray float64 float32 float16 int64 int32 int16 int8 uint8 uint16 uint32 uint64 bool_ bool str_ object_ nan",
            "builtins:object int float str bool object list tuple dict",
            "__builtin__:object int float str bool list tuple dict",
            "sklearn.utils.validation:check_array");

    /** Kept as data; those that are no estimators are kept unread. */
    private static final Set<String> CLASSES = names(
            "sklearn.linear_model._base:LinearRegression",
            "sklearn.linear_model._ridge:Ridge RidgeCV RidgeClassifier RidgeClassifierCV",
            "sklearn.linear_model._coordinate_descent:Lasso LassoCV ElasticNet ElasticNetCV MultiTaskLasso MultiTaskElasticNet",
            "sklearn.linear_model._logistic:LogisticRegression LogisticRegressionCV",
            "sklearn.linear_model._stochastic_gradient:SGDClassifier SGDRegressor",
            "sklearn.linear_model._perceptron:Perceptron",
            "sklearn.linear_model._passive_aggressive:PassiveAggressiveClassifier PassiveAggressiveRegressor",
            "sklearn.linear_model._bayes:BayesianRidge ARDRegression",
            "sklearn.linear_model._huber:HuberRegressor",
            "sklearn.linear_model._sgd_fast:Log Hinge SquaredHinge ModifiedHuber SquaredLoss Huber EpsilonInsensitive"
                    + " SquaredEpsilonInsensitive",
            "sklearn.svm._classes:SVC SVR NuSVC NuSVR LinearSVC LinearSVR",
            "sklearn.neighbors._classification:KNeighborsClassifier",
            "sklearn.neighbors._regression:KNeighborsRegressor",
            "sklearn.neighbors._kd_tree:KDTree KDTree64 newObj",
            "sklearn.neighbors._ball_tree:BallTree BallTree64 newObj",
            "sklearn.metrics._dist_metrics:EuclideanDistance EuclideanDistance64 ManhattanDistance ManhattanDistance64"
                    + " ChebyshevDistance ChebyshevDistance64 MinkowskiDistance MinkowskiDistance64 newObj",
            "sklearn.naive_bayes:GaussianNB MultinomialNB BernoulliNB",
            "sklearn.tree._classes:DecisionTreeClassifier DecisionTreeRegressor ExtraTreeClassifier ExtraTreeRegressor",
            "sklearn.tree._tree:Tree",
            "sklearn.ensemble._forest:RandomForestClassifier RandomForestRegressor ExtraTreesClassifier"
                    + " ExtraTreesRegressor",
            "sklearn.ensemble._gb:GradientBoostingClassifier GradientBoostingRegressor",
            "sklearn.ensemble._gb_losses:BinomialDeviance MultinomialDeviance ExponentialLoss LeastSquaresError"
                    + " LeastAbsoluteError HuberLossFunction QuantileLossFunction",
            "sklearn.ensemble._hist_gradient_boosting.gradient_boosting:HistGradientBoostingClassifier"
                    + " HistGradientBoostingRegressor",
            "sklearn.ensemble._hist_gradient_boosting.binning:_BinMapper",
            "sklearn.ensemble._hist_gradient_boosting.predictor:TreePredictor",
            "sklearn.ensemble._iforest:IsolationForest",
            "sklearn.ensemble._weight_boosting:AdaBoostClassifier",
            "sklearn._loss.loss:HalfSquaredError HalfBinomialLoss HalfMultinomialLoss HalfPoissonLoss HalfGammaLoss"
                    + " AbsoluteError PinballLoss HuberLoss ExponentialLoss HalfTweedieLoss HalfTweedieLossIdentity",
            "sklearn._loss.link:IdentityLink LogLink LogitLink HalfLogitLink MultinomialLogit Interval",
            "sklearn._loss._loss:" + losses(),
            "sklearn.dummy:DummyClassifier DummyRegressor",
            "sklearn.cluster._kmeans:KMeans MiniBatchKMeans",
            "sklearn.decomposition._pca:PCA",
            "sklearn.decomposition._truncated_svd:TruncatedSVD",
            "sklearn.neural_network._multilayer_perceptron:MLPClassifier MLPRegressor",
            "sklearn.neural_network._stochastic_optimizers:AdamOptimizer SGDOptimizer",
            "sklearn.preprocessing._data:StandardScaler MinMaxScaler MaxAbsScaler RobustScaler Normalizer Binarizer",
            "sklearn.preprocessing._encoders:OneHotEncoder OrdinalEncoder",
            "sklearn.preprocessing._label:LabelEncoder LabelBinarizer",
            "sklearn.preprocessing._polynomial:PolynomialFeatures",
            "sklearn.preprocessing._function_transformer:FunctionTransformer",
            "sklearn.impute._base:SimpleImputer MissingIndicator",
            "sklearn.compose._column_transformer:ColumnTransformer _RemainderColsList",
            "sklearn.pipeline:Pipeline FeatureUnion",
            "sklearn.feature_extraction.text:CountVectorizer TfidfTransformer TfidfVectorizer HashingVectorizer",
            "sklearn.feature_extraction._hash:FeatureHasher",
            "sklearn.utils._bunch:Bunch",
            "scipy.sparse._csr:csr_matrix csr_array",
            "scipy.sparse._csc:csc_matrix csc_array",
            "scipy.sparse._dia:dia_matrix dia_array",
            "scipy.sparse.csr:csr_matrix",
            "scipy.sparse.dia:dia_matrix",
            "joblib.numpy_pickle:NumpyArrayWrapper",
            "builtins:slice",
            "__builtin__:slice",
            "functools:partial",
            "numpy.random._pickle:__randomstate_ctor __bit_generator_ctor __generator_ctor",
            "numpy.random._mt19937:MT19937",
            "numpy.random._pcg64:PCG64",
            "numpy.random.bit_generator:SeedSequence __pyx_unpickle_SeedSequence");

    private KnownTypes() {}

    private static String losses() {
        return Stream.of(
                        "HalfSquaredError",
                        "HalfBinomialLoss",
                        "HalfMultinomialLoss",
                        "HalfPoissonLoss",
                        "HalfGammaLoss",
                        "AbsoluteError",
                        "PinballLoss",
                        "HuberLoss",
                        "ExponentialLoss")
                .map(loss -> "Cy%s __pyx_unpickle_Cy%s".formatted(loss, loss))
                .collect(Collectors.joining(" "));
    }

    /** @param modules each {@code module:name name ...} */
    private static Set<String> names(String... modules) {
        Set<String> names = new HashSet<>();
        for (String module : modules) {
            String[] parts = module.split(":");
            for (String name : parts[1].split(" ")) {
                names.add(parts[0] + "." + name);
            }
        }
        return Set.copyOf(names);
    }

    /** @throws InvalidRequestException if the name is not on the list */
    static PyClass find(String module, String name) {
        String full = module + "." + name;
        if (FUNCTIONS.containsKey(full) || VALUES.contains(full) || CLASSES.contains(full)) {
            return new PyClass(full);
        }
        throw new InvalidRequestException(
                "the file names " + shown(full) + ", which is not among what models are made of");
    }

    /** A hostile file may name anything: what is shown of it is short and plain. */
    private static String shown(String name) {
        String plain = name.replaceAll("[^A-Za-z0-9_.]", "?");
        return plain.length() > 120 ? plain.substring(0, 120) + "..." : plain;
    }

    /** What calling the class or function gives. */
    static @Nullable Object make(Object callable, List<?> arguments) {
        if (!(callable instanceof PyClass known)) {
            throw new InvalidRequestException("the file calls what is no class");
        }
        Maker maker = FUNCTIONS.get(known.name());
        if (maker != null) {
            return maker.make(arguments);
        }
        if (!CLASSES.contains(known.name())) {
            throw new InvalidRequestException("the file calls " + known.name() + ", which may only be named");
        }
        return new PyObject(known.name(), arguments);
    }

    private static <T> T argument(List<?> arguments, int place, Class<T> type) {
        Object value = place < arguments.size() ? arguments.get(place) : null;
        if (!type.isInstance(value)) {
            throw new InvalidRequestException("the file makes an array or a text of arguments that do not fit");
        }
        return type.cast(value);
    }

    private static @Nullable Object scalar(List<?> arguments) {
        Dtype type = argument(arguments, 0, Dtype.class);
        return type.kind() == 'O'
                ? arguments.get(1)
                : NdArray.of(type, List.of(), "C", argument(arguments, 1, byte[].class))
                        .scalar();
    }

    private static NdArray fromBuffer(List<?> arguments) {
        return NdArray.of(
                argument(arguments, 1, Dtype.class),
                argument(arguments, 2, List.class),
                argument(arguments, 3, String.class),
                argument(arguments, 0, byte[].class));
    }

    /** Protocol 2 has no bytes: they are written as texts of Latin 1. */
    private static byte[] encode(List<?> arguments) {
        if (!argument(arguments, 1, String.class).matches("latin-?1")) {
            throw new InvalidRequestException("the file encodes a text other than as Latin 1");
        }
        return argument(arguments, 0, String.class).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static @Nullable Object reconstruct(List<?> arguments) {
        return make(argument(arguments, 0, PyClass.class), List.of());
    }

    private static Set<Object> set(List<?> arguments) {
        Set<Object> set = new HashSet<>();
        if (!arguments.isEmpty()) {
            for (Object element : argument(arguments, 0, List.class)) {
                set.add(PickleReader.scalar(element));
            }
        }
        return set;
    }

    /** Whether the object stands for an array that follows the object in the file. */
    static boolean arrayFollows(PyObject object) {
        return object.type().equals("joblib.numpy_pickle.NumpyArrayWrapper");
    }
}
