package forge.ai.runtime.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A file of entries, all of one day (UTC).
 *
 * @param number from 1, in the order in which the files of a day were begun
 */
record EntryFile(Path path, LocalDate day, int number) {

    private static final Pattern NAME = Pattern.compile("entries-(\\d{8})-(\\d{6})\\.log");

    static EntryFile of(Path folder, LocalDate day, int number) {
        String name = "entries-%s-%06d.log".formatted(DateTimeFormatter.BASIC_ISO_DATE.format(day), number);
        return new EntryFile(folder.resolve(name), day, number);
    }

    private static Optional<EntryFile> of(Path path) {
        Matcher name = NAME.matcher(path.getFileName().toString());
        try {
            return name.matches()
                    ? Optional.of(new EntryFile(
                            path,
                            LocalDate.parse(name.group(1), DateTimeFormatter.BASIC_ISO_DATE),
                            Integer.parseInt(name.group(2))))
                    : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Those of a folder, oldest first. */
    static List<EntryFile> list(Path folder) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.flatMap(path -> of(path).stream())
                    .sorted(Comparator.comparing(EntryFile::day).thenComparing(EntryFile::number))
                    .toList();
        }
    }
}
