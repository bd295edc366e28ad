/** Starts the Hugging Face tokenizers when their bundle starts. */
@NullMarked
package forge.ai.lib.tokenizers;

import org.jspecify.annotations.NullMarked;
