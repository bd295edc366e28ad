/** Models behind Azure OpenAI, in one or several regions. */
@NullMarked
package forge.ai.provider.azure;

import org.jspecify.annotations.NullMarked;
