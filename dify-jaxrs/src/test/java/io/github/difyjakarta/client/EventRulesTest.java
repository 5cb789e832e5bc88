package io.github.difyjakarta.client;

import io.github.difyjakarta.client.call.DifyStream;
import io.github.difyjakarta.client.event.DifyEvent;
import java.util.concurrent.Flow;
import org.testng.annotations.Test;

@Test
class EventRulesTest extends StreamRules<DifyEvent> {
    @Override
    Flow.Publisher<DifyEvent> publisher(DifyStream stream) {
        return stream;
    }
}
