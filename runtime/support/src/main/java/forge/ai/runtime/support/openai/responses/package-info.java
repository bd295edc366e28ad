/** OpenAI's Responses interface, as an upstream for chats. */
@NullMarked
package forge.ai.runtime.support.openai.responses;

import org.jspecify.annotations.NullMarked;
