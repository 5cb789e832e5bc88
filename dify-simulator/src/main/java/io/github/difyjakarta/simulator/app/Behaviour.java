package io.github.difyjakarta.simulator.app;

import java.util.List;

/**
 * What an app does besides answering. Immutable.
 *
 * @param asksHuman workflows and chatflows pause with a form before they answer
 * @param resumesWorkflows workflows go on after their form; on a real server they are stopped
 * @param failsRuns runs of workflows and chatflows break off in mid-sentence
 * @param limitIs429 the limit of concurrent answers is refused as documented, not as it is
 * @param subscribersCollide who leaves the events of a run takes the others along
 * @param requiredInputs variables without which nothing is answered
 */
public record Behaviour(
        boolean asksHuman,
        boolean resumesWorkflows,
        boolean failsRuns,
        boolean limitIs429,
        boolean subscribersCollide,
        List<String> requiredInputs) {

    /** Copies the list. */
    public Behaviour {
        requiredInputs = List.copyOf(requiredInputs);
    }
}
