/** Steps that pictures and numbers need before a model and after it. */
@NullMarked
package forge.ai.runtime.steps;

import org.jspecify.annotations.NullMarked;
