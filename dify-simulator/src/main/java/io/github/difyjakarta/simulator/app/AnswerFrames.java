package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The frames around the words of an answer, as the mode of the app has them. Pure. */
interface AnswerFrames {

    /** Before the first word. */
    List<ObjectNode> opening();

    /** One word. */
    ObjectNode delta(String text);

    /** After the last word. */
    List<ObjectNode> closing(String answer, Usage usage);

    /** After the stop endpoint was called. */
    List<ObjectNode> stopped(Usage usage);
}
