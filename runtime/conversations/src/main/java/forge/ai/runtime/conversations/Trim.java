package forge.ai.runtime.conversations;

import forge.ai.api.ForgeException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.LlmService;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.TokenCount;
import forge.ai.runtime.support.llm.Characters;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fits a history and a request into the window of a model; see {@link forge.ai.api.conversation.Conversations#resume}. */
final class Trim {

    private static final Logger LOG = LoggerFactory.getLogger(Trim.class);

    /** Below this share of the room, an estimate is not checked by counting. */
    private static final double SURE = 0.6;
    /** What is estimated to be this much too large is made smaller before it is counted. */
    private static final double PRECISE = 2;
    /** Counting costs a call each time. */
    private static final int COUNTS = 4;
    /** So much of a window goes to the answer at most, where the request does not say more. */
    private static final int ANSWER_SHARE = 4;

    private final Supplier<Settings> settings;
    private final Windows windows;
    private final TokenScale scale;

    Trim(Supplier<Settings> settings, Windows windows, TokenScale scale) {
        this.settings = settings;
        this.windows = windows;
        this.scale = scale;
    }

    ChatRequest fit(List<Message> history, ChatRequest request, LlmService llm) {
        if (history.isEmpty()) {
            return request;
        }
        Exchanges exchanges = joined(history, request.messages());
        ChatRequest whole = request.withMessages(exchanges.from(0));
        OptionalInt window = windows.of(request.model(), llm);
        return window.isEmpty() ? whole : fit(whole, exchanges, room(window.getAsInt(), request), llm);
    }

    /** The instructions of the request, then what was, then the rest of the request. */
    private static Exchanges joined(List<Message> history, List<Message> own) {
        int instructions = 0;
        while (instructions < own.size() && own.get(instructions).role() == Message.Role.SYSTEM) {
            instructions++;
        }
        List<Message> all = new ArrayList<>(own.subList(0, instructions));
        all.addAll(history);
        all.addAll(own.subList(instructions, own.size()));
        return new Exchanges(all, own.size() - instructions);
    }

    private long room(int window, ChatRequest request) {
        long answer =
                request.options().maxTokens().orElse(Math.min(settings.get().answerTokens(), window / ANSWER_SHARE));
        return Math.max(0, window - answer);
    }

    private ChatRequest fit(ChatRequest whole, Exchanges exchanges, long room, LlmService llm) {
        ChatRequest fitting = leaveOut(whole, exchanges, 1, PRECISE * room);
        double tokensPerEstimated = 1;
        for (int count = 0; count < COUNTS && tokensPerEstimated * estimate(fitting) > SURE * room; count++) {
            TokenCount counted = count(fitting, llm);
            if (!counted.exact()) {
                return leaveOut(whole, exchanges, tokensPerEstimated, room);
            }
            if (counted.inputTokens() <= room) {
                return fitting;
            }
            tokensPerEstimated = counted.inputTokens() / (double) Math.max(1, estimate(fitting));
            ChatRequest less = leaveOut(whole, exchanges, tokensPerEstimated, room);
            if (less.messages().size() == fitting.messages().size()) {
                return less;
            }
            fitting = less;
        }
        return fitting;
    }

    /** Leaves out the oldest exchanges until the rest is estimated to fit, or only the last one is left. */
    private ChatRequest leaveOut(ChatRequest whole, Exchanges exchanges, double factor, double room) {
        ChatRequest fitting = whole;
        for (int first = 1; first < exchanges.count() && factor * estimate(fitting) > room; first++) {
            fitting = whole.withMessages(exchanges.from(first));
        }
        return fitting;
    }

    private long estimate(ChatRequest request) {
        return scale.tokens(request.model(), Characters.of(request));
    }

    private TokenCount count(ChatRequest request, LlmService llm) {
        try {
            TokenCount count = llm.countTokens(request);
            if (count.exact()) {
                scale.learn(request.model(), Characters.of(request), count.inputTokens());
            }
            return count;
        } catch (ForgeException e) {
            // The call itself will meet it again, and says so to the caller.
            LOG.debug("tokens could not be counted: {}", e.getMessage());
            return new TokenCount(0, false);
        }
    }
}
