/** The usage ledger: what every attempt took, in files that survive the process. */
@NullMarked
package forge.ai.runtime.ledger;

import org.jspecify.annotations.NullMarked;
