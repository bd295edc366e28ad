package forge.ai.console.shell;

import forge.ai.api.CancelledException;
import forge.ai.api.llm.PullProgress;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Shows how far a pull is: on a terminal by a bar for each part, otherwise by a line for each status and each tenth of a
 * part, or by a JSON object for each word of the provider.
 */
final class PullView implements Consumer<PullProgress> {

    private static final int BAR = 20;
    private static final int TENTHS = 10;

    private final Output output;
    private final boolean json;
    private String part = "";
    private String shown = "";

    PullView(Output output, boolean json) {
        this.output = output;
        this.json = json;
    }

    @Override
    public void accept(PullProgress progress) {
        if (json) {
            json(progress);
        } else {
            String next = progress.status() + '\n' + progress.part();
            if (output.terminal()) {
                bar(progress, !next.equals(part));
            } else {
                line(progress);
            }
            part = next;
        }
        if (output.broken()) {
            throw new CancelledException("nobody reads any more");
        }
    }

    private void json(PullProgress progress) {
        output.json(document -> {
            document.writeStartObject();
            document.writeStringField("status", progress.status());
            document.writeStringField("part", progress.part());
            document.writeNumberField("completedBytes", progress.completedBytes());
            if (progress.totalBytes().isPresent()) {
                document.writeNumberField("totalBytes", progress.totalBytes().getAsLong());
            }
            document.writeEndObject();
        });
    }

    private void bar(PullProgress progress, boolean another) {
        if (another && !part.isEmpty()) {
            output.line("");
        }
        if (progress.totalBytes().isEmpty()) {
            output.over(Values.text(progress.status()));
            return;
        }
        int full = (int) (share(progress) * BAR);
        output.over("[%s%s] %s %s"
                .formatted("#".repeat(full), "-".repeat(BAR - full), amount(progress), Values.text(progress.status())));
    }

    private void line(PullProgress progress) {
        boolean sized = progress.totalBytes().isPresent();
        String mark = progress.status() + progress.part() + (sized ? (int) (share(progress) * TENTHS) : "");
        if (!mark.equals(shown)) {
            shown = mark;
            String status = Values.text(progress.status());
            output.line(sized ? status + ": " + amount(progress) : status);
        }
    }

    private static double share(PullProgress progress) {
        double total = Math.max(1, progress.totalBytes().orElse(1));
        return Math.clamp(progress.completedBytes() / total, 0, 1);
    }

    private static String amount(PullProgress progress) {
        return "%d %% of %s"
                .formatted(
                        (int) (share(progress) * 100),
                        size(progress.totalBytes().orElse(0)));
    }

    private static String size(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        while (value >= 1000 && unit < 3) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %sB", value, "kMGT".charAt(unit));
    }

    /** Ends the last line on a terminal. */
    void end() {
        if (!json && output.terminal() && !part.isEmpty()) {
            output.line("");
        }
    }
}
