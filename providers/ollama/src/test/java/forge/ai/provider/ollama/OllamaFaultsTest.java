package forge.ai.provider.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.llm.LlmProvider;
import forge.ai.runtime.support.http.HttpUpstream;
import forge.ai.runtime.testkit.Configs;
import forge.ai.runtime.testkit.llm.ProviderFaultsContract;
import forge.ai.runtime.testkit.llm.VendorAnswers;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

class OllamaFaultsTest extends ProviderFaultsContract {

    /** Ollama's answers; its last line is the mark of the end. */
    private record Answers() implements VendorAnswers {

        @Override
        public String streamType() {
            return OllamaServer.LINES;
        }

        @Override
        public String whole(String text) {
            return message(text, ",\"done\":true,\"done_reason\":\"stop\",\"eval_count\":2");
        }

        @Override
        public String piece(String text) {
            return message(text, ",\"done\":false") + "\n";
        }

        @Override
        public String finish() {
            return "";
        }

        @Override
        public String marker() {
            return whole("") + "\n";
        }

        @Override
        public boolean markerIsAnAnswer() {
            return true;
        }

        @Override
        public String silence() {
            return "\n";
        }

        @Override
        public String unfinished() {
            return "";
        }

        @Override
        public String error(String message, String code) {
            return "{\"error\":\"" + message + "\"}";
        }

        @Override
        public String errorEvent(String message, String code) {
            return error(message, code) + "\n";
        }

        private static String message(String text, String more) {
            return "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"" + text + "\"}" + more + "}";
        }
    }

    @Override
    protected VendorAnswers answers() {
        return new Answers();
    }

    @Override
    protected String name() {
        return "ollama";
    }

    @Override
    protected LlmProvider open(URI upstream, Map<String, Long> limits) {
        Map<String, Object> values = new HashMap<>(limits);
        values.put("baseUrl", upstream.toString());
        values.put("apiKey", KEY);
        Settings settings = Settings.of(Configs.of(OllamaProviderComponent.Config.class, values));
        assertThat(settings.toString()).doesNotContain(KEY);
        return new OllamaProvider(settings, new HttpUpstream(DRAIN, MAX_ANSWER));
    }

    @Override
    protected void close(LlmProvider provider) {
        ((OllamaProvider) provider).close();
    }
}
