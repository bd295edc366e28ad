package forge.ai.provider.local.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a model would like to write, what it writes by a grammar is valid. */
@Timeout(60)
class SchemaCompilerTest {

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private static final int END = 256;
    private static final List<String> WORDS = List.of(
            "{\"",
            "\":",
            "\": ",
            "\",",
            "\"}",
            "\"]",
            "}}",
            "],",
            "tr",
            "ue",
            "true",
            "null",
            "0.",
            "00",
            "12",
            "abc",
            "é",
            "日本",
            "\\\"",
            "\\u00",
            "\n  ",
            "  ",
            "-",
            "1e",
            "{\n",
            ", \"",
            "a\", \"b",
            "name",
            "}, {");
    private static final TokenTrie TOKENS = new TokenTrie(vocabulary());

    private static Map<Integer, byte[]> vocabulary() {
        Map<Integer, byte[]> tokens = new TreeMap<>();
        for (int value = 0; value < 256; value++) {
            tokens.put(value, new byte[] {(byte) value});
        }
        for (String word : WORDS) {
            tokens.put(END + tokens.size() - 255, word.getBytes(StandardCharsets.UTF_8));
        }
        // The second half of a character, and the first of the next: tokens need not end where characters do.
        tokens.put(END + tokens.size() - 255, new byte[] {(byte) 0xA9, 'x', (byte) 0xC3});
        return tokens;
    }

    /** A text by a model that likes tokens at random; empty if it came to no end. */
    private static Optional<String> write(Grammar grammar, Random random) {
        int size = vocabulary().size() + 1;
        double[] liking = new double[size];
        for (int i = 0; i < size; i++) {
            liking[i] = random.nextGaussian() * 2 + ("\"}],".indexOf(i) >= 0 ? 3 : 0);
        }
        Constraint constraint = new Constraint(grammar, TOKENS, Set.of(END));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int step = 0; step < 600; step++) {
            float[] logits = new float[size];
            for (int i = 0; i < size; i++) {
                logits[i] = (float) (liking[i] + random.nextGaussian() * 2);
            }
            assertThat(constraint.restrict(logits)).isTrue();
            int best = 0;
            for (int i = 0; i < size; i++) {
                best = logits[i] > logits[best] ? i : best;
            }
            assertThat(logits[best]).isGreaterThan(Float.NEGATIVE_INFINITY);
            if (best == END) {
                return Optional.of(out.toString(StandardCharsets.UTF_8));
            }
            byte[] bytes = vocabulary().get(best);
            out.writeBytes(bytes);
            constraint.accept(bytes);
            if (constraint.complete()) {
                return Optional.of(out.toString(StandardCharsets.UTF_8));
            }
        }
        return Optional.empty();
    }

    @Test
    void whatIsWrittenBySchemasIsValid() throws Exception {
        int ended = 0;
        for (int round = 0; round < 400; round++) {
            Random random = new Random(round);
            String schema = schema(random, 3);
            Grammar grammar;
            try {
                grammar = SchemaCompiler.of(schema, true);
            } catch (SchemaException e) {
                assertThat(e).hasMessageContaining("nothing is valid");
                continue;
            }
            Optional<String> text = write(grammar, random);
            if (text.isPresent()) {
                ended++;
                JsonNode value = JSON.readTree(text.get());
                assertThat(Validity.of(value, JSON.readTree(schema)))
                        .as("%s by %s", text.get(), schema)
                        .isTrue();
            }
        }
        assertThat(ended).isGreaterThan(250);
    }

    @Test
    void anyObjectIsAnObject() throws Exception {
        Grammar grammar = SchemaCompiler.anyObject();
        int ended = 0;
        for (int round = 0; round < 100; round++) {
            Optional<String> text = write(grammar, new Random(round));
            if (text.isPresent()) {
                ended++;
                assertThat(JSON.readTree(text.get()).isObject()).isTrue();
            }
        }
        assertThat(ended).isGreaterThan(50);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type': 'integer', 'minimum': -12, 'maximum': 105} | -12 -1 0 9 10 99 100 105 | -13 106 -0 01 1.0 1e1",
                "{'type': 'integer', 'minimum': 1005}               | 1005 1010 9999 10000 | 1004 999 1 0 -5",
                "{'type': 'integer', 'exclusiveMaximum': -3}        | -4 -10 -123 | -3 -2 0 4",
                "{'type': 'number', 'minimum': 0, 'maximum': 1}     | 0 1 0.5 0.999 | -0.1 1.1 2 -0",
                "{'type': 'number', 'exclusiveMinimum': 0, 'maximum': 2} | 1 2 1.5 | 0 0.0 2.1",
                "{'type': 'number', 'minimum': -2.5, 'maximum': -1} | -1 -2 -1.5 | -2.6 -3 -0.5 1",
                "{'type': 'number', 'minimum': 0.25, 'maximum': 0.75} | 0.3 0.7 | 0 1 0.2 0.8",
                "{'type': 'string', 'minLength': 2, 'maxLength': 3} | \"ab\" \"日本語\" \"\\u0041b\" | \"a\" \"abcd\" abc",
                "{'type': 'string', 'format': 'date'}               | \"2024-02-28\" | \"2024-13-01\" \"x\"",
                "{'enum': ['a', 1, null, {'b': []}]}                | \"a\" 1 null {\"b\":[]} | \"b\" 2",
                "{'type': ['string', 'null']}                       | \"\" null | 1 true",
                "{'type': 'array', 'items': {'type': 'boolean'}, 'minItems': 1, 'maxItems': 2} | [true] [true,false] | [] [1] [true,true,true]",
                "{'properties': {'a': {'type': 'integer'}, 'b': {'type': 'integer'}}, 'required': ['b']} | {\"b\":1} {\"a\":1,\"b\":2} | {} {\"a\":1} {\"b\":1,\"c\":2} {,\"b\":1}",
                "{'properties': {'ab': {'type': 'integer'}}, 'additionalProperties': {'type': 'string'}} | {\"ab\":1,\"a\":\"\",\"abc\":\"\",\"b\":\"\"} {\"x\":\"\"} {} | {\"ab\":\"\"} {\"x\":1} {\"\\u0061b\":\"\"}",
                "{'required': ['x']}                                | {\"x\":[1]} | {} {\"y\":1}",
                "{'$defs': {'n': {'properties': {'next': {'anyOf': [{'$ref': '#/$defs/n'}, {'type': 'null'}]}}, 'required': ['next']}}, '$ref': '#/$defs/n'} | {\"next\":null} {\"next\":{\"next\":null}} | {} {\"next\":1}",
                "{'anyOf': [{'$ref': '#'}, {'type': 'null'}]}       | null | 1",
                "{'allOf': [{'properties': {'a': {'type': 'integer'}}, 'required': ['a']}, {'properties': {'b': {'const': 'x'}}, 'required': ['b']}]} | {\"a\":1,\"b\":\"x\"} | {\"a\":1} {\"b\":\"x\"}",
                "{'oneOf': [{'type': 'string'}, {'type': 'integer'}]} | \"a\" 1 | true",
                "true                                               | {} [1] \"x\" 1.5e-7 | tru x"
            })
    void schemasAllowAndRefuse(String schema, String allowed, String refused) {
        Grammar grammar = SchemaCompiler.of(schema.replace('\'', '"'), true);
        for (String text : allowed.split(" ")) {
            assertThat(accepts(grammar, text)).as("%s by %s", text, schema).isTrue();
        }
        for (String text : refused.split(" ")) {
            assertThat(accepts(grammar, text)).as("%s by %s", text, schema).isFalse();
        }
    }

    private static boolean accepts(Grammar grammar, String text) {
        Grammar.State state = grammar.start();
        for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
            state = state.next(value & 0xFF);
        }
        return state.accepting();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "false",
                "{'enum': []}",
                "{'type': 'array', 'items': false, 'minItems': 1}",
                "{'type': 'string', 'minLength': 3, 'maxLength': 2}",
                "{'properties': {'a': {'$ref': '#'}}, 'required': ['a']}",
                "{'type': 'integer', 'minimum': 2, 'maximum': 1}",
                "{'$ref': '#'}",
                "{'$ref': '#/$defs/none'}",
                "{'type': 'text'}",
                "[]",
                "{"
            })
    void schemasThatCannotBeMetAreRefused(String schema) {
        assertThatThrownBy(() -> SchemaCompiler.of(schema.replace('\'', '"'), true))
                .isInstanceOfSatisfying(
                        SchemaException.class, e -> assertThat(e.unsupported()).isFalse());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type': 'string', 'pattern': '^a'}",
                "{'not': {'type': 'null'}}",
                "{'type': 'array', 'uniqueItems': true}",
                "{'oneOf': [{'type': 'integer'}, {'type': 'number'}]}"
            })
    void whatCannotBeKeptToIsSaidOrLeftAside(String schema) {
        String text = schema.replace('\'', '"');
        assertThatThrownBy(() -> SchemaCompiler.of(text, true))
                .isInstanceOfSatisfying(
                        SchemaException.class, e -> assertThat(e.unsupported()).isTrue());
        assertThat(SchemaCompiler.of(text, false)).isNotNull();
    }

    /** A schema at random. */
    private static String schema(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 10 : 6)) {
            case 0 ->
                "{\"type\": \"string\", \"maxLength\": %d, \"minLength\": %d}"
                        .formatted(random.nextInt(12), random.nextInt(4));
            case 1 -> {
                int least = random.nextInt(400) - 200;
                yield "{\"type\": \"integer\", \"minimum\": %d, \"maximum\": %d}"
                        .formatted(least, least + random.nextInt(3000));
            }
            case 2 -> {
                double least = random.nextInt(8) * 0.25 - 1;
                yield "{\"type\": \"number\", \"%s\": %s, \"maximum\": %s}"
                        .formatted(
                                random.nextBoolean() ? "minimum" : "exclusiveMinimum",
                                least,
                                least + random.nextInt(9) * 0.25);
            }
            case 3 -> "{\"type\": [\"boolean\", \"null\"]}";
            case 4 -> "{\"enum\": [\"ab\", \"a\", 12, true]}";
            case 5 -> "{\"type\": \"number\"}";
            case 6 ->
                "{\"type\": \"array\", \"items\": %s, \"minItems\": %d, \"maxItems\": %d}"
                        .formatted(schema(random, depth - 1), random.nextInt(3), random.nextInt(5));
            case 7 -> "{\"anyOf\": [%s, %s]}".formatted(schema(random, depth - 1), schema(random, depth - 1));
            default -> {
                List<String> members = new ArrayList<>();
                List<String> required = new ArrayList<>();
                for (String name : List.of("a", "ab", "é\\\"", "name")) {
                    if (random.nextBoolean()) {
                        members.add("\"%s\": %s".formatted(name, schema(random, depth - 1)));
                        if (random.nextBoolean()) {
                            required.add("\"" + name + "\"");
                        }
                    }
                }
                String others = random.nextBoolean() ? "false" : schema(random, 0);
                yield "{\"type\": \"object\", \"properties\": {%s}, \"required\": [%s], \"additionalProperties\": %s}"
                        .formatted(String.join(", ", members), String.join(", ", required), others);
            }
        };
    }
}
