/** Conversations: histories on disk, trimmed to what a model takes. */
@NullMarked
package forge.ai.runtime.conversations;

import org.jspecify.annotations.NullMarked;
