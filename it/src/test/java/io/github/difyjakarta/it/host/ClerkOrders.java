package io.github.difyjakarta.it.host;

import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** A resource that needs CDI. */
@Path("orders")
public class ClerkOrders {

    @Inject
    @SuppressWarnings("NullAway.Init")
    private Clerk clerk;

    /** {@return what a test looks for} */
    @GET
    public String list() {
        return clerk.answer();
    }
}
