package forge.ai.runtime.ledger;

import forge.ai.api.llm.UsageEntry;
import forge.ai.api.llm.UsageTotal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** The sums of one day, and up to which file of entries they are kept in a file of their own. Used under a lock. */
final class DaySums {

    private final Map<Sum.Names, Sum> sums = new HashMap<>();
    private int through;
    private long lastId;

    void add(UsageEntry entry) {
        sums.computeIfAbsent(Sum.Names.of(entry), names -> new Sum()).add(entry);
        lastId = Math.max(lastId, entry.id());
    }

    void forEach(BiConsumer<Sum.Names, UsageTotal> action) {
        sums.forEach((names, sum) -> action.accept(names, sum.total(names)));
    }

    /** The number of the last file of entries that is in the sums of {@link #write}; 0 for none. */
    int through() {
        return through;
    }

    long lastId() {
        return lastId;
    }

    /** Keeps the sums, now that the file of entries with this number gets no more. */
    void write(Path path, int file) throws IOException {
        List<byte[]> records = new ArrayList<>();
        records.add(record(out -> {
            out.writeInt(file);
            out.writeLong(lastId);
            out.writeInt(sums.size());
        }));
        for (var entry : sums.entrySet()) {
            UsageTotal total = entry.getValue().total(entry.getKey());
            records.add(record(out -> write(total, out)));
        }
        RecordFile.replace(path, records);
        through = file;
    }

    private interface Writer {
        void write(DataOutputStream out) throws IOException;
    }

    private static byte[] record(Writer writer) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        writer.write(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static void write(UsageTotal total, DataOutputStream out) throws IOException {
        Rows.text(out, total.provider());
        Rows.text(out, total.model());
        Rows.text(out, total.key());
        out.writeLong(total.calls());
        out.writeLong(total.failed());
        out.writeLong(total.cancelled());
        out.writeLong(total.cached());
        out.writeLong(total.estimated());
        Rows.usage(out, total.usage());
        Rows.amount(out, total.cost());
    }

    /** @throws IOException if the file is not whole */
    static DaySums read(Path path) throws IOException {
        List<byte[]> records = new ArrayList<>();
        RecordFile.scan(path, Long.MAX_VALUE, records::add);
        if (records.isEmpty()) {
            throw new IOException(path + " is damaged");
        }
        DaySums day = new DaySums();
        DataInputStream head = new DataInputStream(new ByteArrayInputStream(records.getFirst()));
        day.through = head.readInt();
        day.lastId = head.readLong();
        if (head.readInt() != records.size() - 1) {
            throw new IOException(path + " is damaged");
        }
        for (byte[] record : records.subList(1, records.size())) {
            UsageTotal total = total(new DataInputStream(new ByteArrayInputStream(record)));
            Sum sum = new Sum();
            sum.add(total);
            day.sums.put(new Sum.Names(total.provider(), total.model(), total.key()), sum);
        }
        return day;
    }

    private static UsageTotal total(DataInputStream in) throws IOException {
        return new UsageTotal(
                in.readUTF(),
                in.readUTF(),
                in.readUTF(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                Rows.usage(in),
                Rows.amount(in));
    }
}
