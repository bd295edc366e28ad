package forge.ai.runtime.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.llm.Content;
import forge.ai.api.tool.CallableTool;
import forge.ai.api.tool.ToolMethod;
import forge.ai.api.tool.ToolParameter;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MethodToolTest {

    private enum Unit {
        CELSIUS,
        FAHRENHEIT
    }

    private record Place(@ToolParameter("in English") String city, Optional<String> country) {
        Place {
            if (city.isBlank()) {
                throw new IllegalArgumentException("a city has a name");
            }
        }
    }

    private record Report(Place place, double degrees, Unit unit, List<Integer> hours, Map<String, Boolean> flags) {}

    private interface Adder {
        @ToolMethod("adds")
        long add(@ToolParameter(name = "a") long a, @ToolParameter(name = "b") long b);
    }

    private static final class Tools implements Adder {
        @ToolMethod(name = "weather_at", value = "the weather at a place")
        Report weather(
                @ToolParameter(name = "place", value = "where") Place place,
                @ToolParameter(name = "unit") Unit unit,
                @ToolParameter(name = "hours") List<Integer> hours,
                @ToolParameter(name = "flags") Optional<Map<String, Boolean>> flags) {
            return new Report(place, 21.5, unit, hours, flags.orElse(Map.of()));
        }

        @Override
        public long add(long a, long b) {
            return a + b;
        }

        @ToolMethod("says who is meant")
        String greet(@ToolParameter(name = "name") String name) throws IOException {
            if (name.equals("nobody")) {
                throw new IOException("nobody is there");
            }
            return "hello " + name;
        }

        @ToolMethod("does")
        void act() {}

        @ToolMethod("all numbers")
        Map<String, Optional<Double>> numbers(
                @ToolParameter(name = "b") byte b,
                @ToolParameter(name = "s") Short s,
                @ToolParameter(name = "i") int i,
                @ToolParameter(name = "l") Long l,
                @ToolParameter(name = "f") float f,
                @ToolParameter(name = "d") Double d,
                @ToolParameter(name = "big") BigInteger big,
                @ToolParameter(name = "decimal") BigDecimal decimal,
                @ToolParameter(name = "z") boolean z) {
            Map<String, Optional<Double>> all = new LinkedHashMap<>();
            all.put("sum", Optional.of(b + s + i + l + f + d + big.doubleValue() + decimal.doubleValue()));
            all.put("none", Optional.empty());
            return all;
        }
    }

    private static CallableTool tool(String name) {
        return MethodTool.of(new Tools()).stream()
                .filter(tool -> tool.definition().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String call(String name, String arguments) {
        return Content.text(tool(name).call(arguments));
    }

    @Test
    void theSchemaIsThatOfTheParameters() throws IOException {
        JsonNode schema = Json.read(tool("weather_at").definition().parameters());
        assertThat(schema).isEqualTo(Json.read("""
                {"type":"object","properties":{
                  "place":{"type":"object","properties":{
                      "city":{"type":"string","description":"in English"},
                      "country":{"type":"string"}},
                    "required":["city"],"additionalProperties":false,"description":"where"},
                  "unit":{"type":"string","enum":["CELSIUS","FAHRENHEIT"]},
                  "hours":{"type":"array","items":{"type":"integer"}},
                  "flags":{"type":"object","additionalProperties":{"type":"boolean"}}},
                "required":["place","unit","hours"],"additionalProperties":false}"""));
        assertThat(tool("weather_at").definition().description()).isEqualTo("the weather at a place");
    }

    @Test
    void argumentsReachTheMethodAndItsResultTheModel() {
        assertThat(call("weather_at", """
                {"place":{"city":"Bern"},"unit":"CELSIUS","hours":[1,2],"flags":{"rain":true}}"""))
                .isEqualTo("{\"place\":{\"city\":\"Bern\",\"country\":null},\"degrees\":21.5,\"unit\":\"CELSIUS\","
                        + "\"hours\":[1,2],\"flags\":{\"rain\":true}}");
        assertThat(call("add", "{\"a\":2,\"b\":40.0}")).isEqualTo("42");
        assertThat(call("greet", "{\"name\":\"you\"}")).isEqualTo("hello you");
        assertThat(call("act", "{}")).isEqualTo("done");
        assertThat(call("numbers", """
                {"b":1,"s":2,"i":3,"l":4,"f":0.5,"d":0.25,"big":10,"decimal":100,"z":true}""")).isEqualTo("{\"sum\":120.75,\"none\":null}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "weather_at|{}|place: expected an object",
                "weather_at|{\"place\":{},\"unit\":\"CELSIUS\",\"hours\":[]}|place.city: expected a text, not nothing",
                "weather_at|{\"place\":{\"city\":\"x\"},\"unit\":\"KELVIN\",\"hours\":[]}|unit: expected one of CELSIUS, FAHRENHEIT, not \"KELVIN\"",
                "weather_at|{\"place\":{\"city\":\"x\"},\"unit\":\"CELSIUS\",\"hours\":[1,\"2\"]}|hours[1]: expected a whole number of 32 bits, not \"2\"",
                "weather_at|{\"place\":{\"city\":\" \"},\"unit\":\"CELSIUS\",\"hours\":[]}|place: a city has a name",
                "weather_at|{\"place\":{\"city\":\"x\",\"zip\":1},\"unit\":\"CELSIUS\",\"hours\":[]}|place.zip: unknown; there are: city, country",
                "add|{\"a\":1}|b: expected a whole number",
                "add|{\"a\":1,\"b\":1.5}|b: expected a whole number of 64 bits, not 1.5",
                "add|{\"a\":1,\"b\":9223372036854775808}|b: expected a whole number of 64 bits",
                "add|{\"a\":1,\"b\":null}|b: expected a whole number of 64 bits, not nothing",
                "add|[1,2]|arguments: expected an object, not a list",
                "add|{\"a\":1,|the arguments are not JSON",
                "act|{\"x\":1}|x: unknown; there are none"
            })
    void wrongArgumentsAreToldWithTheirPlaceAndWhatIsExpected(String tool, String arguments, String error) {
        assertThatThrownBy(() -> call(tool, arguments))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(error);
    }

    @Test
    void whatTheMethodThrowsComesAsItIs() {
        assertThatThrownBy(() -> call("greet", "{\"name\":\"nobody\"}"))
                .isInstanceOf(IOException.class)
                .hasMessage("nobody is there");
    }

    private static final class Wrong {
        @ToolMethod("takes what JSON has not")
        void thread(@ToolParameter(name = "t") Thread thread) {}
    }

    private record Tree(List<Tree> branches) {}

    private static final class Endless {
        @ToolMethod("gives a tree")
        Tree tree() {
            return new Tree(List.of());
        }
    }

    @Test
    void aMethodThatCannotBeAToolIsRefusedWithTheReason() {
        assertThatThrownBy(() -> MethodTool.of(new Wrong()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.Thread: allowed are primitives");
        assertThatThrownBy(() -> MethodTool.of(new Endless()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("holds itself");
    }
}
