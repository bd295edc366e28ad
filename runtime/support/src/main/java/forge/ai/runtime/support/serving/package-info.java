/** What the servers, of whatever protocol, have in common: where they listen, who calls, which calls are in flight. */
@NullMarked
package forge.ai.runtime.support.serving;

import org.jspecify.annotations.NullMarked;
