/** Models behind Anthropic's Messages interface. */
@NullMarked
package forge.ai.provider.anthropic;

import org.jspecify.annotations.NullMarked;
