/**
 * The protocol of the console socket and the client's side of it; uses the JDK alone, so that the launcher can hold a
 * copy.
 *
 * <p>A client connects and says in one line of ASCII what it wants: {@code exec COLUMNS FOLDER} or
 * {@code shell COLUMNS ROWS TERM FOLDER}, with its working folder as in a URL. All that follows, both ways, are frames: one byte for the kind, four for the length,
 * big-endian, and the bytes.
 */
@NullMarked
package forge.ai.console.channel.client;

import org.jspecify.annotations.NullMarked;
