package io.github.difyjakarta.simulator;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** The simulator as a program of its own. */
final class CommandLine {

    private static final Duration HUMAN_TYPING = Duration.ofMillis(50);
    private static final String USAGE =
            "Usage: DifySimulator [--port N] [--key app-…] [--mode chat|agent-chat|agent|advanced-chat|completion|workflow]"
                    + " [--version 1.16.0] [--typing MILLISECONDS]";

    private CommandLine() {}

    /** Returns when the process is told to end. */
    static void run(String[] arguments) throws InterruptedException {
        DifySimulatorBuilder builder;
        try {
            builder = parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + System.lineSeparator() + USAGE);
            System.exit(2);
            return;
        }
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> endOf(told, closed), "dify-simulator-shutdown"));
        try (DifySimulator dify = builder.start()) {
            announce(dify, System.out);
            told.await();
        } finally {
            closed.countDown();
        }
    }

    /** The process lives as long as this hook: until the connections are closed. */
    private static void endOf(CountDownLatch told, CountDownLatch closed) {
        told.countDown();
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static DifySimulatorBuilder parse(String[] arguments) {
        DifySimulatorBuilder builder = DifySimulator.builder().typing(HUMAN_TYPING);
        if (arguments.length % 2 != 0) {
            throw new IllegalArgumentException("A value is missing after " + arguments[arguments.length - 1]);
        }
        for (int i = 0; i < arguments.length; i += 2) {
            String value = arguments[i + 1];
            switch (arguments[i]) {
                case "--port" -> builder.port(Integer.parseInt(value));
                case "--key" -> builder.key(value);
                case "--mode" -> builder.mode(value);
                case "--version" -> builder.version(value);
                case "--typing" -> builder.typing(Duration.ofMillis(Long.parseLong(value)));
                default -> throw new IllegalArgumentException("Unknown option " + arguments[i]);
            }
        }
        return builder;
    }

    private static void announce(DifySimulator dify, PrintStream out) {
        out.println("Dify simulator: " + dify.url() + "  key: " + dify.key());
        out.flush();
    }
}
