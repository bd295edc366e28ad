/** The dialect of OpenAI's HTTP interface, as many vendors and servers speak it. */
@NullMarked
package forge.ai.runtime.support.openai;

import org.jspecify.annotations.NullMarked;
