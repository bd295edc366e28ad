/** The LLM service: finds the route of a call, makes its attempts, and keeps an eye on the providers. */
@NullMarked
package forge.ai.runtime.llm;

import org.jspecify.annotations.NullMarked;
