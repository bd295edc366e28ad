/** Serves the causal language models and embedding models of the repository as a provider. */
@NullMarked
package forge.ai.provider.local;

import org.jspecify.annotations.NullMarked;
