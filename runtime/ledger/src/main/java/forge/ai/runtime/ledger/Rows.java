package forge.ai.runtime.ledger;

import forge.ai.api.ErrorCode;
import forge.ai.api.llm.Usage;
import forge.ai.api.llm.UsageEntry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Entries as records of a file. */
final class Rows {

    private static final byte VERSION = 1;
    private static final int USUAL_SIZE = 256;
    private static final int LONGEST_NAME = 500;

    private Rows() {}

    static byte[] write(UsageEntry entry) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_SIZE);
        try {
            write(entry, new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(UsageEntry entry, DataOutput out) throws IOException {
        out.writeByte(VERSION);
        out.writeLong(entry.id());
        out.writeLong(entry.at().getEpochSecond());
        out.writeInt(entry.at().getNano());
        text(out, entry.key());
        text(out, entry.provider());
        text(out, entry.model());
        text(out, entry.route());
        out.writeUTF(entry.operation().name());
        out.writeBoolean(entry.stream());
        out.writeInt(entry.attempt());
        out.writeUTF(entry.outcome().name());
        out.writeUTF(entry.error().map(ErrorCode::name).orElse(""));
        usage(out, entry.usage());
        out.writeBoolean(entry.estimated());
        amount(out, entry.cost());
        out.writeLong(entry.latency().toNanos());
        out.writeLong(entry.firstToken().map(Duration::toNanos).orElse(-1L));
    }

    /** Names of models come from callers: they are kept, but not at any length. */
    static void text(DataOutput out, String text) throws IOException {
        out.writeUTF(text.length() > LONGEST_NAME ? text.substring(0, LONGEST_NAME) : text);
    }

    static void usage(DataOutput out, Usage usage) throws IOException {
        out.writeLong(usage.inputTokens());
        out.writeLong(usage.outputTokens());
        out.writeLong(usage.cachedInputTokens());
        out.writeLong(usage.cacheWriteTokens());
        out.writeLong(usage.reasoningTokens());
    }

    static void amount(DataOutput out, BigDecimal amount) throws IOException {
        out.writeUTF(amount.toString());
    }

    static UsageEntry read(byte[] record) throws IOException {
        DataInput in = new DataInputStream(new ByteArrayInputStream(record));
        if (in.readByte() != VERSION) {
            throw new IOException("an entry of a later version of the ledger");
        }
        return new UsageEntry(
                in.readLong(),
                Instant.ofEpochSecond(in.readLong(), in.readInt()),
                in.readUTF(),
                in.readUTF(),
                in.readUTF(),
                in.readUTF(),
                UsageEntry.Operation.valueOf(in.readUTF()),
                in.readBoolean(),
                in.readInt(),
                UsageEntry.Outcome.valueOf(in.readUTF()),
                Optional.of(in.readUTF()).filter(code -> !code.isEmpty()).map(ErrorCode::valueOf),
                usage(in),
                in.readBoolean(),
                amount(in),
                Duration.ofNanos(in.readLong()),
                Optional.of(in.readLong()).filter(nanos -> nanos >= 0).map(Duration::ofNanos));
    }

    static Usage usage(DataInput in) throws IOException {
        return new Usage(in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong());
    }

    static BigDecimal amount(DataInput in) throws IOException {
        return new BigDecimal(in.readUTF());
    }
}
