/** What the tests of providers of language models share. */
@NullMarked
package forge.ai.runtime.testkit.llm;

import org.jspecify.annotations.NullMarked;
