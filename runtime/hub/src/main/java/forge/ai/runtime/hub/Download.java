package forge.ai.runtime.hub;

import forge.ai.api.ForgeException;
import forge.ai.api.ProtocolException;
import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.HttpStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fetches one file into a part, from where an earlier attempt left off, and checks what came against the hub's hash. What
 * breaks is tried again as long as each attempt, or one of several, brings more.
 */
final class Download {

    private static final int BUFFER = 1 << 18;
    private static final Pattern RANGE = Pattern.compile("bytes (\\d+)-\\d+/(\\d+|\\*)");

    private final HubClient client;
    private final Patience patience;
    private final Reading reading;
    private final Progress progress;
    private final String commit;
    private final HubFile file;
    private final Path part;
    private long received;

    /** Reads more of an answer, so that the thread of the caller can be interrupted meanwhile. */
    interface Reading {
        int read(HttpStream stream, byte[] buffer);
    }

    Download(
            HubClient client,
            Patience patience,
            Reading reading,
            Progress progress,
            String commit,
            HubFile file,
            Path part) {
        this.client = client;
        this.patience = patience;
        this.reading = reading;
        this.progress = progress;
        this.commit = commit;
        this.file = file;
        this.part = part;
    }

    /**
     * Returns once the part is the whole file.
     *
     * @return how many bytes came over the network
     * @throws IOException if the part cannot be written
     */
    long run() throws IOException {
        boolean resumed = size() > 0;
        fetch();
        progress.step("checking " + file.path());
        if (!file.hash().isOf(part, file.size())) {
            Files.delete(part);
            if (!resumed) {
                throw wrong();
            }
            // What was left from before may be of another state of the file, or of a crash of the machine.
            fetch();
            if (!file.hash().isOf(part, file.size())) {
                Files.delete(part);
                throw wrong();
            }
        }
        return received;
    }

    private ProtocolException wrong() {
        return new ProtocolException("what came of " + file.path() + " is not what the hub says it is: its "
                + (file.hash().kind() == ContentHash.Kind.SHA256 ? "SHA-256" : "Git id")
                + " is another; nothing of it was kept");
    }

    private void fetch() throws IOException {
        if (size() > file.size()) {
            Files.delete(part);
        }
        int failures = 0;
        while (size() < file.size() || !Files.exists(part)) {
            long before = size();
            try {
                attempt();
            } catch (ForgeException e) {
                if (progress.ended(e)) {
                    throw e;
                }
                failures = size() > before ? 1 : failures + 1;
                patience.after(e, failures);
            }
        }
    }

    private void attempt() throws IOException {
        long from = size();
        HubClient.Opened opened = client.open(commit, file, from);
        try (HttpStream stream = opened.stream()) {
            long begins = begin(opened.head(), from);
            try (FileOutputStream out = new FileOutputStream(part.toFile(), begins > 0)) {
                copy(stream, out, begins);
                out.getFD().sync();
            }
            stream.finish();
        }
    }

    /** Where what comes belongs: behind what is there, or at the beginning if the server gives all of it. */
    private long begin(HttpAnswer head, long from) {
        if (head.status() != 206) {
            return 0;
        }
        Matcher range = RANGE.matcher(head.header("Content-Range"));
        if (!range.matches() || !range.group(1).equals(Long.toString(from))) {
            throw client.errors().protocol("another part of " + file.path() + " than was asked for", head);
        }
        return from;
    }

    private void copy(HttpStream stream, FileOutputStream out, long begins) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long there = begins;
        progress.file(file, there);
        for (int read = reading.read(stream, buffer); read >= 0; read = reading.read(stream, buffer)) {
            there += read;
            received += read;
            if (there > file.size()) {
                throw client.errors().protocol("more of " + file.path() + " than it should have");
            }
            out.write(buffer, 0, read);
            progress.file(file, there);
        }
        if (there < file.size()) {
            throw client.errors().protocol(file.path() + " ended before its end");
        }
    }

    private long size() throws IOException {
        return Files.exists(part) ? Files.size(part) : 0;
    }
}
