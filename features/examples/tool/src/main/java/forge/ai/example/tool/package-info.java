/** Tools that language models can call. */
@NullMarked
package forge.ai.example.tool;

import org.jspecify.annotations.NullMarked;
