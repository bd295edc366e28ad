/** Keeps what a model writes to a form: JSON, of any kind or by a schema. */
@NullMarked
package forge.ai.provider.local.grammar;

import org.jspecify.annotations.NullMarked;
