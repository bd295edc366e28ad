/** Serves models in the layout of the Hugging Face Hub by text: their tokenizer, a network that another backend computes, and what their task makes of its output. */
@NullMarked
package forge.ai.backend.huggingface;

import org.jspecify.annotations.NullMarked;
