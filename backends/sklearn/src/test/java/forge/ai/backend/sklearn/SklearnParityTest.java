package forge.ai.backend.sklearn;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.Cancellation;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every method of every model gives what scikit-learn gave, whatever version, protocol and compression wrote it. */
class SklearnParityTest {

    private static final double RELATIVE = 1e-9;

    /** Brute force in scikit-learn takes distances from differences of large squares, which costs it digits. */
    private static final double BRUTE_FORCE = 1e-6;

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> everyMethodEqualsScikitLearns() {
        return SklearnFixtures.all().stream()
                .map(fixture -> DynamicTest.dynamicTest(fixture.toString(), () -> compare(fixture)));
    }

    private void compare(SklearnFixtures.Fixture fixture) throws Exception {
        Path own = folder.resolve(fixture.toString());
        try (LoadedModel model = SklearnFixtures.load(own, fixture.file())) {
            JsonNode expected = fixture.expected().get("expected");
            Set<String> methods = Set.copyOf(names(expected));
            Map<String, Tensor> outputs = model.run(model.adapt(fixture.inputs()), methods, new Cancellation());

            assertThat(outputs).containsOnlyKeys(methods);
            outputs.forEach((method, tensor) -> {
                assertThat(model.signature().output(method).orElseThrow().accepts(tensor))
                        .isTrue();
                double tolerance = fixture.toString().contains("knn_dist_wine") ? BRUTE_FORCE : RELATIVE;
                assertEqual(method, tensor, expected.get(method), tolerance);
            });
        }
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static void assertEqual(String method, Tensor actual, JsonNode expected, double tolerance) {
        List<JsonNode> flat = new ArrayList<>();
        List<Long> shape = new ArrayList<>();
        flatten(expected, flat, shape, 0);
        assertThat(actual.shape())
                .as(method)
                .isEqualTo(shape.stream().mapToLong(Long::longValue).toArray());
        if (actual.type() == DataType.BYTES) {
            assertThat(actual.toStrings())
                    .as(method)
                    .containsExactlyElementsOf(
                            flat.stream().map(JsonNode::asText).toList());
            return;
        }
        double[] values = TensorNumbers.of(actual);
        for (int i = 0; i < values.length; i++) {
            double right = flat.get(i).isBoolean()
                    ? (flat.get(i).booleanValue() ? 1 : 0)
                    : flat.get(i).doubleValue();
            assertThat(Math.abs(values[i] - right))
                    .as("%s[%d]: %s, not %s", method, i, values[i], right)
                    .isLessThanOrEqualTo(tolerance * Math.abs(right) + 1e-12);
        }
    }

    private static void flatten(JsonNode node, List<JsonNode> flat, List<Long> shape, int depth) {
        if (!node.isArray()) {
            flat.add(node);
            return;
        }
        if (shape.size() == depth) {
            shape.add((long) node.size());
        }
        node.forEach(one -> flatten(one, flat, shape, depth + 1));
    }
}
