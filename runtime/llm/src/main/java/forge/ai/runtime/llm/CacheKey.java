package forge.ai.runtime.llm;

import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.Tool;
import forge.ai.api.monitoring.Span;
import java.time.Duration;
import java.util.List;

/**
 * Everything that shapes an answer: the whole request but for its limit of time, where it goes, and in what state the
 * providers were configured. Equal only if all of it is.
 *
 * @param request a chat or completion request, with the same limit of time in each
 * @param route the route
 * @param strategy how a target is chosen
 * @param targets with another list of targets, another answer may come
 * @param generations of their providers, in order: with another configuration, too
 * @param stream whether the answer is to come piece by piece; told apart only for what came on the wire, because the
 *     vendor's words differ
 */
record CacheKey(
        Object request, String route, Strategy strategy, List<Target> targets, List<Long> generations, boolean stream) {

    /** The key of a conversation. */
    static CacheKey of(ChatRequest request, RoutePlan plan, Providers providers, boolean stream) {
        boolean wire = request.wire().isPresent();
        return key(request.withTimeout(Duration.ZERO).withSpan(Span.NONE), plan, providers, wire && stream);
    }

    /** The key of a text. */
    static CacheKey of(CompletionRequest request, RoutePlan plan, Providers providers) {
        GenerationOptions options =
                request.options().toBuilder().timeout(Duration.ZERO).build();
        return key(request.withOptions(options).withSpan(Span.NONE), plan, providers, false);
    }

    private static CacheKey key(Object request, RoutePlan plan, Providers providers, boolean stream) {
        List<Long> generations = plan.targets().stream()
                .map(target -> providers.generation(target.provider()))
                .toList();
        return new CacheKey(request, plan.route(), plan.strategy(), plan.targets(), generations, stream);
    }

    /** About the memory that it takes. */
    long bytes() {
        return switch (request) {
            case ChatRequest chat -> of(chat);
            case CompletionRequest text -> Weights.of(text.prompt()) + Weights.of(text.extensions());
            default -> throw new IllegalStateException();
        };
    }

    private static long of(ChatRequest chat) {
        long bytes = Weights.of(chat.extensions())
                + chat.wire().map(wire -> Weights.of(wire.json())).orElse(0L);
        for (Message message : chat.messages()) {
            bytes += Weights.of(message.content());
        }
        for (Tool tool : chat.tools()) {
            bytes += Weights.of(tool.name(), tool.description(), tool.parameters());
        }
        return bytes;
    }

    /** It holds prompts. */
    @Override
    public String toString() {
        return "CacheKey[" + (route.isEmpty() ? targets.getFirst().name() : route) + "]";
    }
}
