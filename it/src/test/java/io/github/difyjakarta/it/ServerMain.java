package io.github.difyjakarta.it;

import fish.payara.micro.PayaraMicro;
import fish.payara.micro.PayaraMicroRuntime;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The server's side of {@link PayaraServer}: boots Payara Micro, then does what it is told over a loopback connection, line by
 * line, until that ends. Packed into a JAR of its own, since classes on this process's class path would hide those of WARs.
 */
final class ServerMain {

    private final PayaraMicroRuntime server;

    private ServerMain(PayaraMicroRuntime server) {
        this.server = server;
    }

    /** @param args the port to report to, then the arguments of Payara Micro */
    public static void main(String[] args) throws Exception {
        try (Socket control = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
                BufferedReader commands =
                        new BufferedReader(new InputStreamReader(control.getInputStream(), StandardCharsets.UTF_8));
                PrintWriter replies = new PrintWriter(control.getOutputStream(), true, StandardCharsets.UTF_8)) {
            PayaraMicro.main(Stream.of(args).skip(1).toArray(String[]::new));
            ServerMain main = new ServerMain(PayaraMicro.getInstance().getRuntime());
            replies.println(".");
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                main.answer(line.split("\t", -1)).forEach(replies::println);
                replies.println(".");
            }
        }
        System.exit(0);
    }

    private List<String> answer(String[] command) throws IOException, JMException {
        return switch (command[0]) {
            case "deploy" -> List.of(String.valueOf(server.deploy(command[1], command[2], new File(command[3]))));
            case "undeploy" -> {
                server.undeploy(command[1]);
                yield List.of();
            }
            case "threads" ->
                Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .toList();
            case "descriptors" -> descriptors();
            case "histogram" -> histogram();
            default -> throw new IllegalArgumentException("No such command: " + command[0]);
        };
    }

    /** What the process has open: paths, and for sockets {@code socket:[inode]}. */
    private static List<String> descriptors() throws IOException {
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            return links.map(ServerMain::target).toList();
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "closed meanwhile";
        }
    }

    /** Live objects by class, after a full collection: lines of number, instances, bytes, class. */
    private static List<String> histogram() throws JMException {
        Object text = ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        return text.toString().lines().toList();
    }
}
