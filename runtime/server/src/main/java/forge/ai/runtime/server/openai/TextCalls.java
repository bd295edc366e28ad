package forge.ai.runtime.server.openai;

import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.llm.LlmService;
import forge.ai.runtime.server.Exchange;
import forge.ai.runtime.server.Fields;
import forge.ai.runtime.server.Handler;
import forge.ai.runtime.server.LlmLease;
import forge.ai.runtime.server.Services;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code POST /v1/completions}: continues one text, or several one after the other. */
final class TextCalls implements Handler {

    private static final int PROMPTS = 128;
    private static final Set<String> KNOWN =
            Set.of("model", "prompt", "stream", "stream_options", "n", "best_of", "echo", "suffix", "logprobs");

    private final Services services;

    TextCalls(Services services) {
        this.services = services;
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        Fields body = Fields.of(exchange.json());
        List<CompletionRequest> requests = read(body);
        boolean stream = body.is("stream");
        boolean usage =
                body.has("stream_options") && body.object("stream_options").is("include_usage");
        try (LlmLease lease = services.llm(exchange)) {
            if (stream) {
                stream(exchange, lease.service(), requests, usage);
            } else {
                List<Completion> completions = new ArrayList<>();
                for (CompletionRequest request : requests) {
                    completions.add(lease.service().complete(request));
                }
                exchange.json(
                        200, TextWriter.whole(completions, requests.getFirst().model()));
            }
        }
    }

    private static List<CompletionRequest> read(Fields body) {
        String model = body.required("model");
        for (String count : List.of("n", "best_of")) {
            if (body.integer(count, 1, 128).orElse(1) != 1) {
                throw body.unsupported(count, "one answer for each prompt is all that is held");
            }
        }
        if (body.is("echo") || body.text("suffix").filter(s -> !s.isEmpty()).isPresent()) {
            throw body.unsupported(body.is("echo") ? "echo" : "suffix", "not held; leave it out");
        }
        if (body.get("prompt")
                .filter(p ->
                        p.isArray() && p.path(0).isContainerNode() || p.path(0).isNumber())
                .isPresent()) {
            throw body.unsupported("prompt", "prompts as token ids are not held; send text");
        }
        List<String> prompts = body.texts("prompt", PROMPTS);
        if (prompts.isEmpty()) {
            throw body.wrong("prompt", "a string, or an array of at least one string");
        }
        GenerationOptions options = OptionsReader.text(body);
        Map<String, String> extensions = ChatRequestReader.extensions(body, KNOWN);
        return prompts.stream()
                .map(prompt -> new CompletionRequest(model, prompt, options, extensions))
                .toList();
    }

    private static void stream(Exchange exchange, LlmService llm, List<CompletionRequest> requests, boolean usage)
            throws IOException {
        OpenAiStream out = new OpenAiStream(exchange);
        TextWriter writer = new TextWriter(requests.getFirst().model(), requests.size(), usage);
        for (CompletionRequest request : requests) {
            try (CompletionStream stream = llm.streamCompletion(request)) {
                out.copy(stream, writer::write);
            }
        }
        out.done();
    }
}
