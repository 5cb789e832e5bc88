package io.github.difyjakarta.client.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.impl.BasicEntityDetails;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * A request whose body is read while it is sent: one buffer goes to and fro between the thread that reads, which may block,
 * and the connection's, which never does.
 *
 * <p>Thread-safe.
 */
final class UploadProducer implements AsyncRequestProducer {
    private static final System.Logger LOGGER = System.getLogger(UploadProducer.class.getName());

    /** All that one upload keeps in memory of its source. */
    static final int PIECE_BYTES = 64 * 1024;

    private final HttpTransport.Call call;
    private final HttpTransport.Upload upload;
    private final HttpExchange exchange;

    // Guarded by this:
    private @Nullable DataStreamChannel channel;
    /** What is to be sent; null while the next is read. */
    private @Nullable ByteBuffer piece;

    private boolean last;
    private @Nullable Exception failure;
    private @Nullable InputStream stream;
    private boolean released;

    // Confined to whoever has the turn, which the lock hands over:
    private byte[] buffer = {};
    private long taken;

    UploadProducer(HttpTransport.Call call, HttpTransport.Upload upload, HttpExchange exchange) {
        this.call = call;
        this.upload = upload;
        this.exchange = exchange;
        this.piece = ByteBuffer.wrap(upload.before());
    }

    @Override
    public void sendRequest(RequestChannel requests, HttpContext context) throws HttpException, IOException {
        OptionalLong length = upload.source().length();
        long whole = length.isPresent()
                ? upload.before().length + length.getAsLong() + upload.after().length
                : -1; // that of a chunked body
        // The head has the media type.
        EntityDetails entity = new BasicEntityDetails(whole, ContentType.APPLICATION_OCTET_STREAM);
        requests.sendRequest(RequestProducer.head(call), entity, context);
    }

    // ---- the connection's thread

    @Override
    public synchronized int available() {
        return piece == null && failure == null ? 0 : 1;
    }

    @Override
    public void produce(DataStreamChannel out) throws IOException {
        ByteBuffer current;
        synchronized (this) {
            channel = out;
            current = piece;
            if (failure != null) {
                throw new UnreadableUploadException(failure);
            }
        }
        if (current == null) {
            return;
        }
        exchange.handler().onUploaded(out.write(current));
        if (!current.hasRemaining()) {
            sent(out);
        }
    }

    private void sent(DataStreamChannel out) throws IOException {
        boolean whole;
        synchronized (this) {
            piece = null;
            whole = last;
        }
        upload.source().onSent(taken);
        if (whole) {
            out.endStream();
            exchange.handler().onSent();
        } else {
            readOn();
        }
    }

    private void readOn() throws IOException {
        try {
            upload.reader().execute(this::read);
        } catch (RuntimeException e) { // a server's executor may throw anything: nothing else may end this thread
            throw new UnreadableUploadException(e);
        }
    }

    // ---- the thread that reads

    private void read() {
        try {
            InputStream from = open();
            int count = from == null ? -1 : read(from);
            next(count < 0 ? ByteBuffer.wrap(upload.after()) : ByteBuffer.wrap(buffer, 0, count), count < 0, null);
        } catch (IOException | RuntimeException e) {
            next(null, false, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            next(null, false, e);
        }
    }

    /** Null when nobody wants it any more. */
    private @Nullable InputStream open() throws IOException {
        InputStream open;
        synchronized (this) {
            if (released || stream != null) {
                return released ? null : stream;
            }
        }
        open = upload.source().open();
        buffer = new byte[PIECE_BYTES];
        boolean late;
        synchronized (this) {
            stream = open;
            late = released;
        }
        if (late) {
            open.close();
            return null;
        }
        return open;
    }

    private int read(InputStream from) throws IOException, InterruptedException {
        Reading reading = new Reading(from, buffer);
        // Many that block must not keep the common pool from working.
        ForkJoinPool.managedBlock(reading);
        int count = reading.result();
        taken += Math.max(0, count);
        long whole = upload.source().length().orElse(count < 0 ? taken : Long.MAX_VALUE);
        if (taken > whole || (count < 0 && taken < whole)) {
            throw new IOException("the source has changed while it was read");
        }
        return count;
    }

    private void next(@Nullable ByteBuffer bytes, boolean end, @Nullable Exception cause) {
        DataStreamChannel out;
        synchronized (this) {
            piece = bytes;
            last = end;
            failure = cause;
            out = released ? null : channel;
        }
        if (out != null) {
            out.requestOutput();
        }
    }

    /** One call of a stream that may take its time. */
    private static final class Reading implements ForkJoinPool.ManagedBlocker {
        private final InputStream from;
        private final byte[] buffer;
        private int count;
        private @Nullable IOException failure;
        private boolean done;

        Reading(InputStream from, byte[] buffer) {
            this.from = from;
            this.buffer = buffer;
        }

        @Override
        public boolean block() {
            try {
                count = from.read(buffer);
            } catch (IOException e) {
                failure = e;
            }
            done = true;
            return true;
        }

        @Override
        public boolean isReleasable() {
            return done;
        }

        int result() throws IOException {
            if (failure != null) {
                throw failure;
            }
            return count;
        }
    }

    // ---- ends

    @Override
    public boolean isRepeatable() {
        return false;
    }

    @Override
    public void failed(Exception cause) {
        exchange.fail(cause);
    }

    @Override
    public void releaseResources() {
        InputStream open;
        synchronized (this) {
            if (released) {
                return;
            }
            released = true;
            open = stream;
        }
        if (open != null) {
            // Also where a read is under way, which is how that comes to an end.
            close(upload.reader(), open::close);
        }
    }

    /** Closes something that may take its time. */
    static void close(Executor reader, Closing closing) {
        Runnable task = () -> {
            try {
                closing.close();
            } catch (IOException | RuntimeException e) {
                LOGGER.log(System.Logger.Level.DEBUG, "What was uploaded could not be closed", e);
            }
        };
        try {
            reader.execute(task);
        } catch (RuntimeException e) {
            task.run(); // the executor has ended: better late on this thread than never
        }
    }

    /** What may fail, and has nobody to tell. */
    @FunctionalInterface
    interface Closing {
        void close() throws IOException;
    }
}
