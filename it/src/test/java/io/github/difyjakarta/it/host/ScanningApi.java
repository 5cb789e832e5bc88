package io.github.difyjakarta.it.host;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** Takes every resource that the server finds in the WAR, in its JARs as well. */
@ApplicationPath("api")
public class ScanningApi extends Application {}
