package forge.ai.runtime.hub;

import forge.ai.api.InvalidRequestException;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The folder of one model in the repository, and its versions. */
final class ModelFolder {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}");
    private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,17}");
    private static final int ATTEMPTS = 20;

    private final Path folder;

    ModelFolder(Path repository, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidRequestException("'" + name + "' cannot be the name of a model here: letters, digits and"
                    + " . _ @ + - are allowed, the first of them a letter or digit; give it another one");
        }
        this.folder = repository.resolve(name);
    }

    String name() {
        return folder.getFileName().toString();
    }

    Path version(long number) {
        return folder.resolve(Long.toString(number));
    }

    /** The numbers of the versions, the highest first. */
    List<Long> versions() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory)
                    .map(e -> e.getFileName().toString())
                    .filter(n -> VERSION.matcher(n).matches())
                    .map(Long::valueOf)
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
    }

    /** A model that came from elsewhere does not get a version of another one. */
    void requireFrom(String repository) throws IOException {
        Optional<Long> newest = versions().stream().findFirst();
        if (newest.isEmpty()) {
            return;
        }
        String from = Origin.read(version(newest.get())).map(Origin::repository).orElse("");
        if (!from.equals(repository)) {
            throw new InvalidRequestException("there is a model " + name() + " already, which did not come from "
                    + repository + (from.isEmpty() ? "" : " but from " + from) + "; pull it under another name");
        }
    }

    /** Says which backend loads the model, unless its {@code config.json} is there already. */
    void backend(String backend) throws IOException {
        Path config = folder.resolve("config.json");
        Files.createDirectories(folder);
        if (backend.isEmpty() || Files.exists(config)) {
            return;
        }
        Path ready = folder.resolve(".config.json.new");
        Files.write(ready, Json.write(json -> {
            json.writeStartObject();
            json.writeStringField("backend", backend);
            json.writeEndObject();
        }));
        Files.move(ready, config, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Makes a folder the next version, at once and as a whole. */
    long add(Path files) throws IOException {
        Files.createDirectories(folder);
        for (int i = 1; ; i++) {
            long next = versions().stream().findFirst().orElse(0L) + 1;
            try {
                Files.move(files, version(next), StandardCopyOption.ATOMIC_MOVE);
                return next;
            } catch (DirectoryNotEmptyException | FileAlreadyExistsException e) {
                // Somebody else has put a version there meanwhile.
                if (i == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }
}
