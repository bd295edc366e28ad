/** Server-sent events: the bytes of a stream to events, the events of a vendor to those of an answer. */
@NullMarked
package forge.ai.runtime.support.sse;

import org.jspecify.annotations.NullMarked;
