package forge.ai.runtime.monitoring;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/** Brings into the log what the SDK says, which logs with java.util.logging. */
final class SdkLog extends Handler {

    private static final String ALL = "io.opentelemetry";

    private final org.slf4j.Logger log = LoggerFactory.getLogger(ALL);

    /** Held, because loggers are forgotten that nobody holds. */
    private final Logger logger = Logger.getLogger(ALL);

    SdkLog() {
        logger.addHandler(this);
        logger.setUseParentHandlers(false);
    }

    @Override
    public void publish(LogRecord message) {
        boolean serious = message.getLevel().intValue() >= Level.WARNING.intValue();
        // A collector that is away is nothing for the traces of stacks.
        String cause = message.getThrown() == null ? "" : ": " + message.getThrown();
        if (serious) {
            log.warn("{}{}", message.getMessage(), cause);
        } else {
            log.debug("{}{}", message.getMessage(), cause);
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(true);
    }
}
