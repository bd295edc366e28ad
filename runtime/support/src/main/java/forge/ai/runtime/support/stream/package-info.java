/** Answers that come piece by piece, whatever the pieces are: what server-sent events and lines of JSON share. */
@NullMarked
package forge.ai.runtime.support.stream;

import org.jspecify.annotations.NullMarked;
