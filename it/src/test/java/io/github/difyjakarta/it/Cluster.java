package io.github.difyjakarta.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Servers on the loopback address that find each other by Hazelcast, and nobody else. */
final class Cluster {

    private static final String HAZELCAST = """
            <hazelcast xmlns="http://www.hazelcast.com/schema/config">
              <cluster-name>dify-it-%d</cluster-name>
              <properties>
                <property name="hazelcast.socket.bind.any">false</property>
                <property name="hazelcast.phone.home.enabled">false</property>
              </properties>
              <network>
                <port auto-increment="true">%d</port>
                <public-address>127.0.0.1</public-address>
                <interfaces enabled="true"><interface>127.0.0.1</interface></interfaces>
                <join>
                  <auto-detection enabled="false"/>
                  <multicast enabled="false"/>
                  <tcp-ip enabled="true"><member>127.0.0.1</member></tcp-ip>
                </join>
              </network>
            </hazelcast>
            """;

    private final Path configuration;

    /** A cluster without servers. */
    Cluster(Path directory) {
        try {
            Files.createDirectories(directory);
            configuration = Files.writeString(
                    directory.resolve("hazelcast.xml"),
                    HAZELCAST.formatted(ProcessHandle.current().pid(), PayaraServer.freePort()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a server that joins. */
    PayaraServer join(String name, String... options) {
        String[] all = new String[options.length + 2];
        all[0] = "--hzconfigfile";
        all[1] = configuration.toString();
        System.arraycopy(options, 0, all, 2, options.length);
        return PayaraServer.start(name, Map.of(), all);
    }
}
