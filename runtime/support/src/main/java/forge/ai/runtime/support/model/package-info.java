/** What model backends share. */
@NullMarked
package forge.ai.runtime.support.model;

import org.jspecify.annotations.NullMarked;
