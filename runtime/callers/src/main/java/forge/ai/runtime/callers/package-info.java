/** The callers that keys are configured for: who they are, their limits and their budgets. */
@NullMarked
package forge.ai.runtime.callers;

import org.jspecify.annotations.NullMarked;
