package io.github.difyjakarta.quota;

import java.text.MessageFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What a class logs until {@link #close}, kept from the console. Thread-safe. */
public final class Logged implements AutoCloseable {

    /** Held, since the platform forgets loggers that nobody holds. */
    private final Logger logger;

    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            records.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private Logged(Logger logger) {
        this.logger = logger;
    }

    /** Listens to the logger of a class. */
    public static Logged by(Class<?> type) {
        Logged logged = new Logged(Logger.getLogger(type.getName()));
        logged.logger.setUseParentHandlers(false);
        logged.logger.addHandler(logged.handler);
        return logged;
    }

    /** Everything so far, in order. */
    public List<LogRecord> records() {
        return List.copyOf(records);
    }

    /** The texts of all that was logged so far. */
    public List<String> lines() {
        return records.stream().map(Logged::text).toList();
    }

    /** The texts of what was logged at a level. */
    public List<String> lines(Level level) {
        return records.stream()
                .filter(record -> record.getLevel().equals(level))
                .map(Logged::text)
                .toList();
    }

    private static String text(LogRecord record) {
        return record.getParameters() == null
                ? record.getMessage()
                : MessageFormat.format(record.getMessage(), record.getParameters());
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
    }
}
