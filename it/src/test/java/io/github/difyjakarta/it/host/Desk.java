package io.github.difyjakarta.it.host;

import io.github.difyjakarta.cdi.DifyApp;
import io.github.difyjakarta.client.DifyClient;
import io.github.difyjakarta.client.chat.ChatRequest;
import io.github.difyjakarta.client.error.DifyException;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

/** A resource of a host that uses the client by itself: one without a name, two with, and one that is nowhere configured. Without a scope, as old resources are. */
@Path("desk")
public class Desk {

    @Inject
    @SuppressWarnings("NullAway.Init")
    private DifyClient dify;

    @Inject
    @DifyApp("support")
    @SuppressWarnings("NullAway.Init")
    private DifyClient support;

    @Inject
    @DifyApp("sales")
    @SuppressWarnings("NullAway.Init")
    private DifyClient sales;

    @Inject
    @DifyApp("nobody")
    @SuppressWarnings("NullAway.Init")
    private DifyClient nobody;

    /** {@return the answer of one of the apps, or what went wrong} */
    @GET
    public String ask(@QueryParam("app") String app) {
        DifyClient client =
                switch (app) {
                    case "support" -> support;
                    case "sales" -> sales;
                    case "nobody" -> nobody;
                    default -> dify;
                };
        try {
            return client.chat().ask(ChatRequest.of("ada", "Who are you?")).text();
        } catch (DifyException e) {
            return e.getClass().getSimpleName() + ": " + e.getMessage();
        }
    }
}
