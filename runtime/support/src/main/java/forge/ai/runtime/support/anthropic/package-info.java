/** Anthropic's Messages interface, as the provider that asks it and the server that speaks it both need it. */
@NullMarked
package forge.ai.runtime.support.anthropic;

import org.jspecify.annotations.NullMarked;
