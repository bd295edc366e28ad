package forge.ai.console.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Rows under headings, as wide as the terminal at most: the widest columns are cut first.
 *
 * @param names of the columns
 * @param rows of as many values each; a column of numbers stands to the right
 */
record Table(List<String> names, List<? extends List<?>> rows) {

    private static final String GAP = "  ";
    private static final int LEAST = 4;

    /** The lines, headings first. */
    List<String> lines(int columns) {
        int[] widths = fit(natural(), columns);
        List<String> lines = new ArrayList<>();
        lines.add(line(names.stream().map(name -> name.toUpperCase(Locale.ROOT)).toList(), widths));
        rows.forEach(row -> lines.add(line(row, widths)));
        return lines;
    }

    private int[] natural() {
        return IntStream.range(0, names.size())
                .map(i -> Math.max(
                        names.get(i).length(),
                        rows.stream()
                                .mapToInt(row -> length(Values.text(row.get(i))))
                                .max()
                                .orElse(0)))
                .toArray();
    }

    private static int[] fit(int[] widths, int columns) {
        long over = IntStream.of(widths).asLongStream().sum() + (long) GAP.length() * (widths.length - 1) - columns;
        for (; over > 0; over--) {
            int widest = IntStream.range(0, widths.length)
                    .reduce((a, b) -> widths[b] > widths[a] ? b : a)
                    .orElseThrow();
            if (widths[widest] <= LEAST) {
                break;
            }
            widths[widest]--;
        }
        return widths;
    }

    private String line(List<?> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            Object value = row.get(i);
            String text = cut(Values.text(value), widths[i]);
            String space = " ".repeat(widths[i] - length(text));
            line.append(i == 0 ? "" : GAP).append(number(i) ? space + text : text + space);
        }
        return line.toString().stripTrailing();
    }

    private boolean number(int column) {
        return !rows.isEmpty() && rows.stream().allMatch(row -> row.get(column) instanceof Number);
    }

    private static String cut(String text, int width) {
        return length(text) <= width ? text : text.substring(0, text.offsetByCodePoints(0, width - 1)) + "…";
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
