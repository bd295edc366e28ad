/** The part of the template language Jinja that templates of conversations are written in. */
@NullMarked
package forge.ai.provider.local.jinja;

import org.jspecify.annotations.NullMarked;
