package forge.ai.runtime.launcher;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Where the log goes: in full to {@code <home>/log/forge.log}, by day and at most 20 MB a file and 200 MB in all, and
 * in short to standard error. A file {@code <home>/conf/logback.xml} replaces it all.
 *
 * <p>Logback finds it as a service. In code, because reading XML takes a tenth of a second of every start.
 */
public final class Logging extends ContextAwareBase implements Configurator {

    private static final String FULL = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger [%thread] %msg%n";
    private static final String SHORT = "%d{HH:mm:ss.SSS} %-5level %logger{0}: %msg%n%nopex";

    /** What they tell at INFO is of use to their own developers. */
    private static final List<String> CHATTY = List.of("org.eclipse.jetty", "org.apache.felix.http", "ai.djl");

    /** Says where, before anything is logged. */
    static void to(Path home) {
        System.setProperty("forge.log", home.resolve("log").toString());
        Path own = home.resolve("conf/logback.xml");
        if (Files.isRegularFile(own)) {
            System.setProperty("logback.configurationFile", own.toString());
        }
    }

    /** Writes out what is left. */
    static void close() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.stop();
        }
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        String folder = System.getProperty("forge.log");
        if (folder == null || System.getProperty("logback.configurationFile") != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        CHATTY.forEach(name -> context.getLogger(name).setLevel(Level.WARN));
        root.addAppender(console(context));
        root.addAppender(file(context, folder));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static ErrorAppender console(LoggerContext context) {
        ErrorAppender console = new ErrorAppender();
        ThresholdFilter filter = new ThresholdFilter();
        filter.setLevel(Level.INFO.levelStr);
        filter.start();
        console.addFilter(filter);
        return started(console, context, SHORT);
    }

    private static RollingFileAppender<ILoggingEvent> file(LoggerContext context, String folder) {
        RollingFileAppender<ILoggingEvent> file = new RollingFileAppender<>();
        file.setFile(folder + "/forge.log");
        SizeAndTimeBasedRollingPolicy<ILoggingEvent> policy = new SizeAndTimeBasedRollingPolicy<>();
        policy.setContext(context);
        policy.setParent(file);
        policy.setFileNamePattern(folder + "/forge.%d.%i.log.gz");
        policy.setMaxFileSize(FileSize.valueOf("20MB"));
        policy.setTotalSizeCap(FileSize.valueOf("200MB"));
        policy.setMaxHistory(30);
        policy.start();
        file.setRollingPolicy(policy);
        return started(file, context, FULL);
    }

    private static <A extends OutputStreamAppender<ILoggingEvent>> A started(
            A appender, LoggerContext context, String pattern) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(pattern);
        encoder.start();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.start();
        return appender;
    }
}
