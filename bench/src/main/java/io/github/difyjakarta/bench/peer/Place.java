package io.github.difyjakarta.bench.peer;

import java.net.URI;
import java.nio.file.Path;

/**
 * Where a peer runs.
 *
 * @param build the module's {@code target} directory, with what was built
 * @param directory of its own, for its files and its log
 * @param port to listen on, of the loopback address
 * @param dify base of the service API, such as {@code http://127.0.0.1:19000/v1}
 * @param key of the app
 */
public record Place(Path build, Path directory, int port, URI dify, String key) {}
