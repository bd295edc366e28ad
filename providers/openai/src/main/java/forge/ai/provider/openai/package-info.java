/** Models behind OpenAI's HTTP interface, OpenAI's own or any compatible server's. */
@NullMarked
package forge.ai.provider.openai;

import org.jspecify.annotations.NullMarked;
