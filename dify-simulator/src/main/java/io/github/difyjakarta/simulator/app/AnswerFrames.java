package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;

/** The frames around the words of an answer, as the mode of the app has them. Pure. */
interface AnswerFrames {

    /** What goes into one frame each. */
    default List<String> pieces(String answer) {
        return OrderDesk.words(answer);
    }

    /** Mean time from one piece to the next. */
    default Duration pace(Duration typing) {
        return typing;
    }

    /** What the whole answer cost, once it is typed. */
    default Usage usage(String query, Typist typist) {
        return typist.usage(query);
    }

    /** Before the first word. */
    List<ObjectNode> opening();

    /** One word. */
    ObjectNode delta(String text);

    /** After the last word. */
    List<ObjectNode> closing(String answer, Usage usage);

    /** After the stop endpoint was called. */
    List<ObjectNode> stopped(Usage usage);
}
