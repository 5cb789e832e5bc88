package io.github.difyjakarta.it.host;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** A resource of the host's own. */
@Path("orders")
public class Orders {

    /** {@return what a test looks for} */
    @GET
    public String list() {
        return "order 4711";
    }
}
