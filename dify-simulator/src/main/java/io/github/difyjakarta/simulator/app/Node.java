package io.github.difyjakarta.simulator.app;

import java.util.UUID;

/** One execution of one node of a run. Confined to the event loop. */
final class Node {

    private final String execution = UUID.randomUUID().toString();
    private final String id;
    private final String type;
    private final String title;
    private long createdAt;
    private long finishedAt;
    private String status = "running";

    Node(String id, String type, String title) {
        this.id = id;
        this.type = type;
        this.title = title;
    }

    String execution() {
        return execution;
    }

    String id() {
        return id;
    }

    String type() {
        return type;
    }

    String title() {
        return title;
    }

    long createdAt() {
        return createdAt;
    }

    long finishedAt() {
        return finishedAt;
    }

    String status() {
        return status;
    }

    boolean isRunning() {
        return status.equals("running");
    }

    void started(long now) {
        createdAt = now;
        status = "running";
    }

    /** With succeeded, failed, or paused: to a server, a form is a node that came to an end. */
    void ended(String how, long now) {
        status = how;
        finishedAt = now;
    }
}
