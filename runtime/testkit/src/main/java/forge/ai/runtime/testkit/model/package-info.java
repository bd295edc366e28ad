/** What the tests of model backends share. */
@NullMarked
package forge.ai.runtime.testkit.model;

import org.jspecify.annotations.NullMarked;
