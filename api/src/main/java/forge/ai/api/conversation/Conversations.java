package forge.ai.api.conversation;

import forge.ai.api.llm.Caller;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.Message;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Histories of conversations, kept on disk and bounded in number, size and age: the oldest turns go first, and a
 * history then begins after them.
 *
 * <p>A history is addressed in one of two ways: by the id of its last turn, which may be any turn, so that a
 * conversation can branch; or by the name of a conversation, whose turns follow each other in one line.
 *
 * <p>Who may see a turn is not asked here: whoever stands in front gives ids that cannot be guessed, or keeps the owner
 * among the attributes and compares.
 */
@ProviderType
public interface Conversations {

    /**
     * Keeps a turn. When this returns, the turn survives the death of the process.
     *
     * @throws forge.ai.api.NotFoundException if the turn that it follows is not kept
     * @throws forge.ai.api.InvalidRequestException if there is a turn of that id already, if it does not follow the
     *     latest one of its conversation, or if an id is malformed
     * @throws forge.ai.api.ResourceExhaustedException if it is larger than a turn may be
     */
    void append(Turn turn);

    /** The turn of that id, if it is kept. */
    Optional<Turn> turn(String id);

    /** The latest turn of a conversation, if there is one. */
    Optional<Turn> latest(String conversation);

    /** The names of the conversations that have turns, sorted. */
    List<String> conversations();

    /**
     * All messages from the first turn that is still kept to the one of that id, oldest first, untrimmed.
     *
     * @throws forge.ai.api.NotFoundException if the turn is not kept
     */
    List<Message> history(String turn);

    /** Forgets one turn, for good; a history of turns after it begins after it. False if it was not kept. */
    boolean delete(String turn);

    /** Forgets all turns of a conversation, for good. False if there were none. */
    boolean deleteConversation(String conversation);

    /**
     * The request with the history up to a turn put before its own messages, as much of it as fits the model.
     *
     * <p>System messages come first. Where the whole does not fit into the model's window, less the room for the answer,
     * the oldest exchanges of the history are left out: an exchange is a message of the user with all that follows up to
     * the next one, so that a call of a tool is never parted from its result. System messages and the request's own
     * messages always stay. The provider counts the tokens where it can; otherwise they are estimated from what earlier
     * answers of that model said they took. Where the size of the window is not known, nothing is left out.
     *
     * @param turn the id of a turn, or empty for no history
     * @throws forge.ai.api.NotFoundException if the turn is not kept
     */
    ChatRequest resume(String turn, ChatRequest request);

    /**
     * Answers the next turn of a conversation, which need not exist yet, and keeps it: the request's messages, without
     * those of the system, and the answer. An answer that failed is not kept.
     *
     * @param caller in whose name the model is called
     * @throws forge.ai.api.InvalidRequestException if another turn of the same conversation came in meanwhile
     * @throws forge.ai.api.ForgeException as {@link forge.ai.api.llm.LlmService#chat}
     */
    Completion chat(Caller caller, String conversation, ChatRequest request);

    /**
     * As {@link #chat}, piece by piece; the turn is kept before the last piece is given. A stream that is closed before
     * that is not kept.
     */
    CompletionStream streamChat(Caller caller, String conversation, ChatRequest request);
}
