/** The smallest model backend. */
@NullMarked
package forge.ai.example.backend;

import org.jspecify.annotations.NullMarked;
