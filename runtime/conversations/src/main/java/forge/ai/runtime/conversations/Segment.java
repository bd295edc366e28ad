package forge.ai.runtime.conversations;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import java.util.zip.CRC32C;

/**
 * A file of records, each with its length and checksum before it. Only whoever made it adds records; everybody may erase
 * them. Not through a channel, which an interrupt of the caller would close.
 */
final class Segment implements AutoCloseable {

    /** Where a record's content stands. */
    record Place(Segment segment, long at, int length) {}

    private static final int HEADER = Integer.BYTES * 2;
    private static final int ZEROS = 8192;

    private final Path file;
    private final boolean own;
    private final RandomAccessFile io;
    private long end;
    private int used;

    Segment(Path file, boolean own) throws IOException {
        this.file = file;
        this.own = own;
        this.io = new RandomAccessFile(file.toFile(), "rw");
    }

    Path file() {
        return file;
    }

    /** Up to where its records are known. */
    long end() {
        return end;
    }

    /** Whether records can be added: not if somebody deleted the file. */
    boolean open() {
        return own && Files.exists(file);
    }

    /** One more of its records is needed. */
    void retain() {
        used++;
    }

    /** One of them is not needed any more. */
    void release() {
        used--;
    }

    boolean empty() {
        return used == 0;
    }

    /** Adds a record; it outlives the process once this returns. */
    Place add(byte[] content) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(HEADER + content.length)
                .putInt(content.length)
                .putInt(checksum(content))
                .put(content);
        long at = end;
        try {
            io.seek(at);
            io.write(record.array());
        } catch (IOException e) {
            io.setLength(at);
            throw e;
        }
        end = at + HEADER + content.length;
        return new Place(this, at + HEADER, content.length);
    }

    /** Shows the records that were added since the last time; one that is not complete yet, the next time. */
    void follow(int largest, BiConsumer<Place, byte[]> found) throws IOException {
        long length = io.length();
        while (end + HEADER <= length) {
            io.seek(end);
            int size = io.readInt();
            int checksum = io.readInt();
            if (size <= 0 || size > largest || end + HEADER + size > length) {
                return;
            }
            byte[] content = new byte[size];
            io.readFully(content);
            if (content[0] != 0 && checksum(content) == checksum) {
                found.accept(new Place(this, end + HEADER, size), content);
            }
            end += HEADER + size;
        }
    }

    /** The content of a record; of one that was erased, nothing. */
    byte[] read(Place place) throws IOException {
        byte[] content = new byte[place.length()];
        io.seek(place.at());
        io.readFully(content);
        return content[0] == 0 ? new byte[0] : content;
    }

    /** Overwrites the content of a record with zeros, the first byte at once: what was erased in part is erased. */
    void erase(Place place) throws IOException {
        byte[] zeros = new byte[Math.min(ZEROS, place.length())];
        for (int done = 0; done < place.length(); done += zeros.length) {
            io.seek(place.at() + done);
            io.write(zeros, 0, Math.min(zeros.length, place.length() - done));
        }
    }

    void delete() throws IOException {
        close();
        Files.deleteIfExists(file);
    }

    @Override
    public void close() throws IOException {
        io.close();
    }

    private static int checksum(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content);
        return (int) crc.getValue();
    }
}
