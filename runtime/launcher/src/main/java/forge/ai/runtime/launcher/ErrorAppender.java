package forge.ai.runtime.launcher;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.FilterOutputStream;
import java.io.IOException;

/**
 * Writes the log to the standard error that the process began with. Logback's own asks {@link System#err} each time,
 * which is that of the caller while a shell command runs.
 */
final class ErrorAppender extends OutputStreamAppender<ILoggingEvent> {

    @Override
    public void start() {
        setOutputStream(new FilterOutputStream(System.err) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void close() throws IOException {
                // What is said after the end of the log still has to be seen.
                flush();
            }
        });
        super.start();
    }
}
