/** Models behind Hugging Face's router and in its dedicated endpoints. */
@NullMarked
package forge.ai.provider.huggingface;

import org.jspecify.annotations.NullMarked;
