package io.github.difyjakarta.rest;

import io.github.difyjakarta.app.EndpointGroup;
import io.github.difyjakarta.client.app.App;
import io.github.difyjakarta.client.app.AppInfo;
import io.github.difyjakarta.client.app.AppMeta;
import io.github.difyjakarta.client.app.AppParameters;
import io.github.difyjakarta.client.app.Site;
import io.github.difyjakarta.client.json.DifyJson;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** What the app says of itself, the same to everybody. */
@Path("{app}")
@InOwnApplication
public class AppResource {
    /** How it wants to be presented: {@code GET /parameters}. */
    @GET
    @Path("parameters")
    @Produces("application/json")
    public void parameters(@BeanParam Entrance entrance, @Suspended AsyncResponse response) {
        answer(entrance, response, App::parametersAsync, AppParameters::json);
    }

    /** Its name and mode: {@code GET /info}. */
    @GET
    @Path("info")
    @Produces("application/json")
    public void info(@BeanParam Entrance entrance, @Suspended AsyncResponse response) {
        answer(entrance, response, App::infoAsync, AppInfo::json);
    }

    /** Icons of its tools: {@code GET /meta}. */
    @GET
    @Path("meta")
    @Produces("application/json")
    public void meta(@BeanParam Entrance entrance, @Suspended AsyncResponse response) {
        answer(entrance, response, App::metaAsync, AppMeta::json);
    }

    /** How Dify's own page of it looks: {@code GET /site}. */
    @GET
    @Path("site")
    @Produces("application/json")
    public void site(@BeanParam Entrance entrance, @Suspended AsyncResponse response) {
        answer(entrance, response, App::siteAsync, Site::json);
    }

    private static <T> void answer(
            Entrance entrance,
            AsyncResponse response,
            Function<App, ? extends CompletionStage<T>> page,
            Function<T, DifyJson> json) {
        Visit visit = entrance.admit(EndpointGroup.APP);
        Documents.answer(entrance, response, page.apply(visit.client().app()), json);
    }
}
