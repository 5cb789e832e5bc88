package io.github.difyjakarta.bench.naive;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** Everything annotated in this WAR, below {@code /api}. */
@ApplicationPath("/api")
public class NaiveApplication extends Application {}
