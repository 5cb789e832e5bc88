package io.github.difyjakarta.client;

import io.github.difyjakarta.client.call.DifyStream;
import io.github.difyjakarta.client.event.DifyFrame;
import java.util.concurrent.Flow;
import org.testng.annotations.Test;

@Test
class FrameRulesTest extends StreamRules<DifyFrame> {
    @Override
    Flow.Publisher<DifyFrame> publisher(DifyStream stream) {
        return stream.frames();
    }
}
