package io.github.difyjakarta.bench.upstream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A caller's connection: one request after the other. Whoever closes or breaks it counts as having left. Confined to the
 * thread of the fake Dify.
 */
final class Connection {

    private final FakeDify dify;
    private final SocketChannel channel;
    private final SelectionKey key;
    private byte[] arrived = new byte[1024];
    private int count;
    private @Nullable ByteBuffer unsent;
    private @Nullable Answer answer;

    Connection(FakeDify dify, SocketChannel channel, SelectionKey key) {
        this.dify = dify;
        this.channel = channel;
        this.key = key;
    }

    void ready(ByteBuffer buffer) {
        if (key.isValid() && key.isReadable()) {
            read(buffer);
        }
        if (key.isValid() && key.isWritable()) {
            flush();
        }
    }

    boolean isFull() {
        return unsent != null;
    }

    void answer(@Nullable Answer streamed) {
        answer = streamed;
    }

    /**
     * Writes at once; what the connection does not take waits.
     *
     * @param buffer to write from, of any content
     */
    void send(byte[] bytes, ByteBuffer buffer) {
        ByteBuffer waiting = unsent;
        if (waiting != null) {
            unsent = ByteBuffer.allocate(waiting.remaining() + bytes.length)
                    .put(waiting)
                    .put(bytes)
                    .flip();
            return;
        }
        buffer.clear().put(bytes).flip();
        try {
            channel.write(buffer);
        } catch (IOException gone) {
            leave();
            return;
        }
        if (buffer.hasRemaining()) {
            unsent = ByteBuffer.allocate(buffer.remaining()).put(buffer).flip();
            key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
    }

    private void read(ByteBuffer buffer) {
        int read;
        try {
            read = channel.read(buffer.clear());
        } catch (IOException reset) {
            read = -1;
        }
        if (read < 0) {
            leave();
            return;
        }
        if (count + read > arrived.length) {
            arrived = Arrays.copyOf(arrived, (count + read) * 2);
        }
        buffer.flip().get(arrived, count, read);
        count += read;
        if (answer == null) {
            takeRequests();
        }
    }

    /** Also called when an answer has ended: the next request may be here already. */
    void takeRequests() {
        Optional<Request> request = Request.read(arrived, count);
        while (request.isPresent() && answer == null && key.isValid()) {
            int length = request.get().length();
            System.arraycopy(arrived, length, arrived, 0, count - length);
            count -= length;
            dify.serve(request.get(), this);
            request = Request.read(arrived, count);
        }
    }

    private void flush() {
        ByteBuffer waiting = unsent;
        if (waiting == null) {
            return;
        }
        try {
            channel.write(waiting);
        } catch (IOException gone) {
            leave();
            return;
        }
        if (!waiting.hasRemaining()) {
            unsent = null;
            key.interestOps(SelectionKey.OP_READ);
            if (answer != null) {
                dify.goOn(answer);
            }
        }
    }

    private void leave() {
        key.cancel();
        try {
            channel.close();
        } catch (IOException alreadyBroken) {
            // It is the connection that we are getting rid of.
        }
        if (answer != null) {
            dify.left(answer);
            answer = null;
        }
    }
}
