package forge.ai.provider.local.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Jinja 3.1 made of the same, set up as transformers does, stands beside each template and snippet. */
@Timeout(30)
class TemplateTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-08T09:05:00Z"), ZoneOffset.UTC);
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.USE_LONG_FOR_INTS);

    @ParameterizedTest
    @MethodSource("conversations")
    void templatesOfModelFamiliesGiveWhatJinjaGives(JsonNode one) throws IOException {
        String source = resource(one.get("template").textValue() + ".jinja");
        compare(source, JSON.convertValue(one.get("values"), Map.class), one);
    }

    @ParameterizedTest
    @MethodSource("snippets")
    void snippetsGiveWhatJinjaGives(JsonNode one) {
        compare(one.get("source").textValue(), Map.of(), one);
    }

    private static void compare(String source, Map<String, ?> values, JsonNode expected) {
        if (expected.has("text")) {
            assertThat(Template.parse(source).render(values, CLOCK))
                    .isEqualTo(expected.get("text").textValue());
        } else {
            assertThatThrownBy(() -> Template.parse(source).render(values, CLOCK))
                    .isInstanceOf(TemplateException.class)
                    .hasMessageContaining(expected.get("error").textValue());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for i in range(1000000) %}{% for j in range(1000000) %}{% endfor %}{% endfor %}",
                "{% set ns = namespace(t='x') %}{% for i in range(100) %}{% set ns.t = ns.t + ns.t %}{% endfor %}",
                "{% set ns = namespace(t=[1]) %}{% for i in range(100) %}{% set ns.t = ns.t + ns.t %}{% endfor %}",
                "{% for i in range(100000) %}{{ 'x' * 10000 }}{% endfor %}",
                "{{ 'x' * 1000000000 }}",
                "{{ 'xxxxxxxxxx'.replace('x', 'y' * 10000000) }}",
                "{{ range(1000000000) }}",
                "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
                "{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}",
                "{{ 9223372036854775807 + 1 }}",
                "{{ 99999999999999999999 }}"
            })
    void whatATemplateMayUseIsBounded(String source) {
        assertThatThrownBy(() -> Template.parse(source).render(Map.of(), CLOCK)).isInstanceOf(TemplateException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[", "{'a':", "not ", "-", "{{", "{% if true %}"})
    void whatLiesTooDeepInEachOtherIsRefused(String opening) {
        String source = opening.startsWith("{%") ? opening.repeat(5000) : "{{ " + opening.repeat(5000);

        assertThatThrownBy(() -> Template.parse(source)).isInstanceOf(TemplateException.class);
    }

    static Stream<JsonNode> conversations() throws IOException {
        return cases("conversations.json");
    }

    static Stream<JsonNode> snippets() throws IOException {
        return cases("snippets.json");
    }

    private static Stream<JsonNode> cases(String file) throws IOException {
        return StreamSupport.stream(JSON.readTree(resource(file)).spliterator(), false);
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = TemplateTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
