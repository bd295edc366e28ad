/** Vectors kept and searched with Apache Lucene, and k-means. */
@NullMarked
package forge.ai.runtime.vectors;

import org.jspecify.annotations.NullMarked;
