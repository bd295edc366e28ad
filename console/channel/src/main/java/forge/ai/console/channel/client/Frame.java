package forge.ai.console.channel.client;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Optional;

/**
 * A piece of what goes over the socket.
 *
 * @param kind what it is
 * @param data its bytes; not copied, not to be changed
 */
public record Frame(Kind kind, byte[] data) {

    /** The most bytes that a frame holds, but for a command. */
    public static final int LIMIT = 64 * 1024;

    /** The most bytes of a command. */
    public static final int COMMAND_LIMIT = 1024 * 1024;

    /** What a frame is; its number on the wire is its place in this list. */
    public enum Kind {
        /** From the client: bytes typed. */
        INPUT,
        /** From the server: bytes for standard output. */
        OUTPUT,
        /** From the server: bytes for standard error. */
        ERROR,
        /** From the server, last: one byte, the exit status. */
        EXIT,
        /** From the client: the terminal's size changed; columns and rows, two bytes each. */
        SIZE,
        /** From the client, after {@code exec}: the command in UTF-8. */
        COMMAND;

        int limit() {
            return this == COMMAND ? COMMAND_LIMIT : LIMIT;
        }
    }

    /** Reads the next frame; empty where the other side has closed. */
    public static Optional<Frame> read(DataInputStream in) throws IOException {
        int code = in.read();
        if (code < 0) {
            return Optional.empty();
        }
        if (code >= Kind.values().length) {
            throw new IOException("a frame of the unknown kind " + code);
        }
        Kind kind = Kind.values()[code];
        int length = in.readInt();
        if (length < 0 || length > kind.limit()) {
            throw new IOException("a frame " + kind + " of " + Integer.toUnsignedLong(length) + " bytes, more than the "
                    + kind.limit() + " allowed");
        }
        byte[] data = new byte[length];
        in.readFully(data);
        return Optional.of(new Frame(kind, data));
    }

    public void write(DataOutputStream out) throws IOException {
        out.writeByte(kind.ordinal());
        out.writeInt(data.length);
        out.write(data);
        out.flush();
    }
}
