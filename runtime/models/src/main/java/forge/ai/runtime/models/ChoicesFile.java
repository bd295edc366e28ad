package forge.ai.runtime.models;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.api.InternalException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps {@link Choices} in a file that is the old one or the new one, whole, at whatever moment the process dies. */
final class ChoicesFile {

    private static final Logger LOG = LoggerFactory.getLogger(ChoicesFile.class);

    private final Path file;
    private final ObjectMapper json = new ObjectMapper();

    ChoicesFile(Path file) {
        this.file = file;
    }

    Choices read() {
        try {
            return Files.exists(file) ? json.readValue(Files.readAllBytes(file), Choices.class) : Choices.NONE;
        } catch (JsonProcessingException e) {
            Path aside = file.resolveSibling(file.getFileName() + ".damaged");
            LOG.error("{} is damaged: what was loaded, unloaded and labelled by call is lost; kept as {}", file, aside);
            moveAside(aside);
            return Choices.NONE;
        } catch (IOException e) {
            throw new InternalException("cannot read " + file + ": " + e);
        }
    }

    private void moveAside(Path aside) {
        try {
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new InternalException("cannot move " + file + " to " + aside + ": " + e);
        }
    }

    /** Returns once the choices are on the disk. */
    void write(Choices choices) {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try {
            Files.createDirectories(file.getParent());
            try (FileChannel channel = FileChannel.open(
                    next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(json.writeValueAsBytes(choices));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
                folder.force(true);
            }
        } catch (IOException e) {
            discard(next);
            throw new InternalException("cannot keep the choice in " + file + ": " + e);
        }
    }

    /** The half of a file takes room that a full disk does not have. */
    private static void discard(Path half) {
        try {
            Files.deleteIfExists(half);
        } catch (IOException e) {
            LOG.warn("Cannot delete {}: {}", half, e.toString());
        }
    }
}
