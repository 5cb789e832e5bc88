package io.github.difyjakarta.client.call;

import io.github.difyjakarta.client.event.DifyFrame;
import java.util.concurrent.Flow;

/**
 * A subscriber to {@link DifyStream#frames()} that can do with several frames at once what costs much for each, such as a
 * write to a socket. The frames that Dify's connection brings together come one after the other, and then a pause.
 */
public interface BatchSubscriber extends Flow.Subscriber<DifyFrame> {
    /**
     * No frame follows at once, for want of data or of demand. Follows at least one {@code onNext}; serial with all other
     * signals, on the same threads; not called before {@code onComplete} and {@code onError}, which are pauses themselves.
     */
    void onPause();
}
