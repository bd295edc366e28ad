package forge.ai.runtime.ledger;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A file of records that is only ever appended to: a mark, then for each record its length, its CRC-32C and its bytes.
 * Each is handed to the operating system in one write, so that none is lost when the process is killed.
 *
 * <p>Not a {@code FileChannel}: that is closed by the interrupt of a thread that writes, and calls are cancelled so.
 */
final class RecordFile implements AutoCloseable {

    /** What is done with a record. */
    @FunctionalInterface
    interface Reader {
        void read(byte[] record) throws IOException;
    }

    private static final byte[] MARK = "FORGELG1".getBytes(StandardCharsets.US_ASCII);
    private static final int HEAD = 2 * Integer.BYTES;
    private static final int LARGEST = 1 << 20;

    private final RandomAccessFile file;
    private long size;

    private RecordFile(RandomAccessFile file, long size) {
        this.file = file;
        this.size = size;
    }

    /**
     * Opens a file to append to it.
     *
     * @param size where its last whole record ends, as {@link #scan} says; what comes after is cut off
     */
    static RecordFile open(Path path, long size) throws IOException {
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        try {
            if (size == 0) {
                file.setLength(0);
                file.write(MARK);
                return new RecordFile(file, MARK.length);
            }
            file.setLength(size);
            file.seek(size);
            return new RecordFile(file, size);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** Appends a record: all of it, or nothing if that fails. */
    void append(byte[] record) throws IOException {
        try {
            file.write(framed(record));
            size += HEAD + record.length;
        } catch (IOException e) {
            file.setLength(size);
            file.seek(size);
            throw e;
        }
    }

    private static byte[] framed(byte[] record) {
        return ByteBuffer.allocate(HEAD + record.length)
                .putInt(record.length)
                .putInt(crc(record))
                .put(record)
                .array();
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    long size() {
        return size;
    }

    /** Brings what was written to the disk. */
    void sync() throws IOException {
        file.getFD().sync();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** Writes a whole file that is there with all its records, or not at all. */
    static void replace(Path path, List<byte[]> records) throws IOException {
        Path next = path.resolveSibling(path.getFileName() + ".tmp");
        try (RecordFile file = open(next, 0)) {
            for (byte[] record : records) {
                file.append(record);
            }
            file.sync();
        }
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Reads the records up to a place in the file, or to the first that is not whole.
     *
     * @return where the last whole record ends; 0 if there is not even the mark
     */
    static long scan(Path path, long limit, Reader reader) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(path), 1 << 16))) {
            if (!Arrays.equals(in.readNBytes(MARK.length), MARK)) {
                return 0;
            }
            long end = MARK.length;
            while (end < limit) {
                byte[] record = next(in);
                if (record.length == 0) {
                    break;
                }
                reader.read(record);
                end += HEAD + record.length;
            }
            return end;
        }
    }

    /** The next record; empty if there is no whole one. */
    private static byte[] next(DataInputStream in) throws IOException {
        try {
            int length = in.readInt();
            int crc = in.readInt();
            if (length <= 0 || length > LARGEST) {
                return new byte[0];
            }
            byte[] record = in.readNBytes(length);
            return record.length == length && crc(record) == crc ? record : new byte[0];
        } catch (EOFException e) {
            return new byte[0];
        }
    }
}
