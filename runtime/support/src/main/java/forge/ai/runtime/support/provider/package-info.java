/** What providers of language models have in common as services. */
@NullMarked
package forge.ai.runtime.support.provider;

import org.jspecify.annotations.NullMarked;
