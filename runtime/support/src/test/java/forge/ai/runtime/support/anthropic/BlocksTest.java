package forge.ai.runtime.support.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.Usage;
import forge.ai.runtime.support.json.Json;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlocksTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final BlockReader reader = new BlockReader(IllegalStateException::new);

    private static JsonNode written(List<Content> content) throws Exception {
        return MAPPER.readTree(Json.write(json -> BlockWriter.write(json, content)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'text','text':'a'}",
                "{'type':'text','text':'a','cache_control':{'type':'ephemeral','ttl':'1h'}}",
                "{'type':'thinking','thinking':'hm','signature':'s+/='}",
                "{'type':'thinking','thinking':'','signature':'s'}",
                "{'type':'redacted_thinking','data':'xyz'}",
                "{'type':'tool_use','id':'t','name':'f','input':{'a':1.50,'b':[null]}}",
                "{'type':'tool_use','id':'t','name':'f','input':{}}",
                "{'type':'tool_result','tool_use_id':'t'}",
                "{'type':'tool_result','tool_use_id':'t','content':[{'type':'text','text':'a'},{'type':'image','source':"
                        + "{'type':'base64','media_type':'image/png','data':'AAAA'}}],'is_error':true}",
                "{'type':'tool_result','tool_use_id':'t','content':[{'type':'tool_reference','tool_name':'f'}]}",
                "{'type':'image','source':{'type':'url','url':'https://example.com/a.png'}}",
                "{'type':'image','source':{'type':'file','file_id':'f'},'cache_control':{'type':'ephemeral'}}",
                "{'type':'server_tool_use','id':'s','name':'web_search','input':{'q':'x'}}",
                "{'type':'document','source':{'type':'text','media_type':'text/plain','data':'x'},'title':'t'}"
            })
    void aBlockIsWrittenAsItWasRead(String block) throws Exception {
        JsonNode json = MAPPER.readTree(block.replace('\'', '"'));
        List<Content> content = new ArrayList<>();
        reader.read(json, content::add);

        assertThat(written(content)).containsExactly(json);
    }

    @Test
    void whatARequestCannotHoldIsLeftOutAndMarksStayInPlace() throws Exception {
        JsonNode blocks = written(List.of(
                Content.Thinking.of("of another vendor"),
                new Content.Text("a"),
                new Content.Text(""),
                new Content.CachePoint(""),
                new Content.Extension("anthropic", "{\"type\":\"document\"}"),
                new Content.CachePoint("5m"),
                new Content.Refusal("no")));

        assertThat(blocks)
                .isEqualTo(MAPPER.readTree("[{\"type\":\"text\",\"text\":\"a\",\"cache_control\":"
                        + "{\"type\":\"ephemeral\"}},{\"type\":\"document\",\"cache_control\":{\"type\":\"ephemeral\","
                        + "\"ttl\":\"5m\"}},{\"type\":\"text\",\"text\":\"no\"}]"));
    }

    @Test
    void aPictureInItsAddressIsSentItself() throws Exception {
        JsonNode block = written(List.of(new Content.ImageLink(URI.create("data:image/png;base64,AAAA"), "")));

        assertThat(block.path(0).path("source"))
                .isEqualTo(MAPPER.readTree("{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\"AAAA\"}"));
    }

    @Test
    void whatIsNoBlockIsRefused() {
        for (String broken : List.of(
                "1",
                "{}",
                "{\"type\":\"text\"}",
                "{\"type\":\"tool_use\",\"id\":\"a\",\"name\":\"\",\"input\":{}}",
                "{\"type\":\"tool_use\",\"id\":\"a\",\"name\":\"f\",\"input\":[1]}",
                "{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"a b\"}}")) {
            assertThatThrownBy(() -> reader.read(MAPPER.readTree(broken), c -> {}))
                    .as(broken)
                    .isInstanceOf(IllegalStateException.class);
        }
        assertThatThrownBy(() -> written(List.of(new Content.ToolCall("a", "f", "[]"))))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> written(List.of(new Content.Extension("openai", "{}"))))
                .isInstanceOf(UnsupportedException.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = FinishReason.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"CONTENT_FILTER", "OTHER"})
    void reasonsHaveTheSameMeaningInBothDirections(FinishReason reason) {
        assertThat(StopReasons.finish(StopReasons.word(reason))).isEqualTo(reason);
    }

    @Test
    void tokensAreCountedTogetherAndToldApartAgain() throws Exception {
        Usage usage = new Usage(100, 20, 60, 30, 5);

        JsonNode json = MAPPER.readTree(Json.write(out -> {
            out.writeStartObject();
            TokenFields.write(out, usage);
            out.writeEndObject();
        }));

        assertThat(json.get("input_tokens").intValue()).isEqualTo(10);
        assertThat(TokenFields.read(json)).isEqualTo(usage);
    }
}
