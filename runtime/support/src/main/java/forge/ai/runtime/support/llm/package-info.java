/** What is said to language models: its JSON form and its size. */
@NullMarked
package forge.ai.runtime.support.llm;

import org.jspecify.annotations.NullMarked;
