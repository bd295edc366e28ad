/** The program: prepares the home folder, runs the framework with the bundles of the chosen features, and stops it. */
@NullMarked
package forge.ai.runtime.launcher;

import org.jspecify.annotations.NullMarked;
