/** The smallest provider of language models. */
@NullMarked
package forge.ai.example.provider;

import org.jspecify.annotations.NullMarked;
