/** Lines of JSON, one document each (ndjson.org): the bytes of a stream to lines, the lines of a vendor to events. */
@NullMarked
package forge.ai.runtime.support.ndjson;

import org.jspecify.annotations.NullMarked;
