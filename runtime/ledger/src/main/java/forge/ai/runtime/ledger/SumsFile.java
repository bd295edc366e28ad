package forge.ai.runtime.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files with the sums of a day each. */
final class SumsFile {

    private static final Logger LOG = LoggerFactory.getLogger(SumsFile.class);
    private static final String PREFIX = "sums-";
    private static final String SUFFIX = ".log";

    private SumsFile() {}

    static Path path(Path folder, LocalDate day) {
        return folder.resolve(PREFIX + DateTimeFormatter.BASIC_ISO_DATE.format(day) + SUFFIX);
    }

    /** The sums of all days that have a file; one that is damaged is made anew from the entries, as far as they are kept. */
    static NavigableMap<LocalDate, DaySums> readAll(Path folder) throws IOException {
        NavigableMap<LocalDate, DaySums> days = new TreeMap<>();
        try (Stream<Path> paths = Files.list(folder)) {
            for (Path path : paths.toList()) {
                String name = path.getFileName().toString();
                if (name.matches(PREFIX + "\\d{8}\\.log")) {
                    String day = name.substring(PREFIX.length(), name.length() - SUFFIX.length());
                    read(path, LocalDate.parse(day, DateTimeFormatter.BASIC_ISO_DATE), days);
                }
            }
        }
        return days;
    }

    private static void read(Path path, LocalDate day, NavigableMap<LocalDate, DaySums> days) {
        try {
            days.put(day, DaySums.read(path));
        } catch (IOException e) {
            LOG.warn("the sums of {} are made anew from the entries that are kept: {}", day, e.getMessage());
        }
    }
}
