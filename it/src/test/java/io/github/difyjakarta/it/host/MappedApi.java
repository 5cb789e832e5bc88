package io.github.difyjakarta.it.host;

import jakarta.ws.rs.core.Application;

/** Has its path in {@code web.xml}. */
public class MappedApi extends Application {}
