package io.github.difyjakarta.simulator;

import io.github.difyjakarta.simulator.app.Behaviour;
import io.github.difyjakarta.simulator.app.Settings;
import io.github.difyjakarta.simulator.app.Version;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a {@link DifySimulator} is to be like, before it starts. Not thread-safe. */
public final class DifySimulatorBuilder {

    private int port;
    private String key = "app-simulator";
    private String mode = "chat";
    private Duration typing = Duration.ofMillis(5);
    private Duration pingInterval = Duration.ofSeconds(10);
    private Duration keepAlive = Duration.ofSeconds(65);
    private boolean files = true;
    private boolean speech = true;
    private boolean asciiFrames;
    private boolean suggestions = true;
    private int maxActive = Integer.MAX_VALUE;
    private Version version = Version.RECORDED;
    private boolean asksHuman;
    private boolean resumesWorkflows;
    private boolean failsRuns;
    private boolean limitIs429;
    private boolean subscribersCollide;
    private final List<String> requiredInputs = new ArrayList<>();

    DifySimulatorBuilder() {}

    /**
     * Listens on this port.
     *
     * @param number 0 (the default) for a free one
     * @return this
     */
    public DifySimulatorBuilder port(int number) {
        port = number;
        return this;
    }

    /**
     * Accepts this key alone.
     *
     * @param appKey default {@code app-simulator}
     * @return this
     */
    public DifySimulatorBuilder key(String appKey) {
        key = appKey;
        return this;
    }

    /**
     * Is an app of this mode.
     *
     * @param name {@code chat} (the default), {@code agent-chat}, {@code agent} (the New Agent of 1.15.0),
     *     {@code advanced-chat} (a chatflow), {@code completion} or {@code workflow}
     * @return this
     */
    public DifySimulatorBuilder mode(String name) {
        mode = name;
        return this;
    }

    /**
     * Types its own answers at this speed.
     *
     * @param perWord mean time from one word to the next, default 5 ms; zero is as fast as it goes
     * @return this
     */
    public DifySimulatorBuilder typing(Duration perWord) {
        typing = perWord;
        return this;
    }

    /**
     * Sends keep-alives in its own answers so often. Scripts have them only where they say so.
     *
     * @param interval 1 ms or more, default 10 s as Dify's
     * @return this
     */
    public DifySimulatorBuilder pingInterval(Duration interval) {
        pingInterval = interval;
        return this;
    }

    /**
     * Closes connections that are idle for so long.
     *
     * @param idle default 65 s, as nginx in front of Dify; Dify's bare server does it after 2 s
     * @return this
     */
    public DifySimulatorBuilder keepAlive(Duration idle) {
        keepAlive = idle;
        return this;
    }

    /**
     * Is an app whose file upload is off: files of questions are ignored without a word. Uploading as such works in
     * every app. Without effect on completion apps, where it is off anyway, on the runs of workflows, which take any
     * file, and on files among the inputs of workflows and chatflows.
     *
     * @return this
     */
    public DifySimulatorBuilder withoutFiles() {
        files = false;
        return this;
    }

    /**
     * Refuses to read answers aloud and to listen. A workflow app does neither, a completion app only reads.
     *
     * @return this
     */
    public DifySimulatorBuilder withoutSpeech() {
        speech = false;
        return this;
    }

    /**
     * Writes frames as Dify did up to 1.8.0: blanks after commas and colons, everything in ASCII.
     *
     * @return this
     */
    public DifySimulatorBuilder asciiFrames() {
        asciiFrames = true;
        return this;
    }

    /**
     * Refuses to suggest further questions.
     *
     * @return this
     */
    public DifySimulatorBuilder withoutSuggestions() {
        suggestions = false;
        return this;
    }

    /**
     * Refuses simulated (not scripted) answers beyond so many at a time, with 400 {@code invalid_param} as Dify does.
     * As there, streamed runs of workflows and chatflows hold no place since 1.13.0, but find none if the limit is 1.
     *
     * @param answers 0 or more; default without limit
     * @return this
     */
    public DifySimulatorBuilder maxActiveRequests(int answers) {
        maxActive = answers;
        return this;
    }

    /**
     * Refuses those of {@link #maxActiveRequests} with 429 {@code too_many_requests}, as Dify documents it.
     *
     * @return this
     */
    public DifySimulatorBuilder limitAs429() {
        limitIs429 = true;
        return this;
    }

    /**
     * Behaves as this release: its endpoints, the order and the fields of its events, its way with mistakes.
     *
     * @param number {@code 1.0.0} or later, default {@code 1.16.0}; what is newer than that behaves like it
     * @return this
     * @throws IllegalArgumentException if it is not such a number
     */
    public DifySimulatorBuilder version(String number) {
        version = Version.parse(number);
        return this;
    }

    /**
     * Answers nothing unless this variable is among the inputs.
     *
     * @param variable its name; may be called several times
     * @return this
     */
    public DifySimulatorBuilder requiresInput(String variable) {
        requiredInputs.add(variable);
        return this;
    }

    /**
     * Lets workflows and chatflows pause with a form before they answer. It has the inputs {@code comment} and
     * {@code level} and the actions {@code approve} and {@code reject}.
     *
     * @return this
     */
    public DifySimulatorBuilder asksHuman() {
        asksHuman = true;
        return this;
    }

    /**
     * Lets workflows, too, go on after their form. Without this they are stopped right away, as on a real 1.16.0.
     *
     * @return this
     */
    public DifySimulatorBuilder resumesWorkflows() {
        resumesWorkflows = true;
        return this;
    }

    /**
     * Lets runs of workflows and chatflows fail after half of their text.
     *
     * @return this
     */
    public DifySimulatorBuilder failsRuns() {
        failsRuns = true;
        return this;
    }

    /**
     * Lets whoever leaves the events of a run break off the streams of all others who watch it, as a real server does.
     *
     * @return this
     */
    public DifySimulatorBuilder subscribersCollide() {
        subscribersCollide = true;
        return this;
    }

    /**
     * Listens from now on.
     *
     * @return to be closed
     * @throws UncheckedIOException if the port is taken
     * @throws IllegalArgumentException if a setting makes no sense
     */
    public DifySimulator start() {
        Behaviour behaviour =
                new Behaviour(asksHuman, resumesWorkflows, failsRuns, limitIs429, subscribersCollide, requiredInputs);
        Settings settings = new Settings(
                port,
                key,
                mode,
                typing,
                pingInterval,
                keepAlive,
                files,
                speech,
                asciiFrames,
                suggestions,
                maxActive,
                version,
                behaviour);
        try {
            return new DifySimulator(settings);
        } catch (IOException e) {
            throw new UncheckedIOException("The simulator cannot listen on port " + port, e);
        }
    }
}
