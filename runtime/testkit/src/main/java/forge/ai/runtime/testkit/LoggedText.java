package forge.ai.runtime.testkit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.slf4j.LoggerFactory;

/** All that is logged meanwhile, at the finest level, by us and by OkHttp, which uses the JDK's logging. */
public final class LoggedText implements AutoCloseable {

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Level before = root.getLevel();
    private final java.util.logging.Logger okhttp = java.util.logging.Logger.getLogger("okhttp3");

    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage() + ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
    };

    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord event) {
            StringWriter thrown = new StringWriter();
            if (event.getThrown() != null) {
                event.getThrown().printStackTrace(new PrintWriter(thrown));
            }
            lines.add(event.getMessage() + thrown);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    public LoggedText() {
        appender.setContext(root.getLoggerContext());
        appender.start();
        root.addAppender(appender);
        root.setLevel(Level.ALL);
        okhttp.addHandler(handler);
        okhttp.setLevel(java.util.logging.Level.ALL);
    }

    public String text() {
        return String.join("\n", lines);
    }

    @Override
    public void close() {
        root.detachAppender(appender);
        root.setLevel(before);
        okhttp.removeHandler(handler);
        okhttp.setLevel(null);
    }
}
