/** Takes in what lies in the {@code deploy} and {@code conf} folders, and replaces what runs without losing a call. */
@NullMarked
package forge.ai.runtime.deploy;

import org.jspecify.annotations.NullMarked;
