package io.github.difyjakarta.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.app.EndpointGroup;
import io.github.difyjakarta.client.workflow.WorkflowRequest;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.sse.SseEventSink;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;

/**
 * Runs of a workflow: {@code POST {app}/workflows/run}, its stop, and the events of a run that goes on. A run's detail and the
 * logs are not here: Dify shows them without asking whose they are.
 */
@Path("{app}")
@InOwnApplication
public class WorkflowResource {
    /** Runs the published version; {@code response_mode} decides between a stream and, by default, a document. */
    @POST
    @Path("workflows/run")
    @Produces(Asking.STREAM)
    public void run(@BeanParam Entrance entrance, InputStream entity, @Context SseEventSink sink) throws IOException {
        run(entrance, entity, sink, Optional.empty());
    }

    /** Runs a certain version, since Dify 1.7.2: {@code POST /workflows/{workflow_id}/run}. */
    @POST
    @Path("workflows/{id: " + Ids.UUID + "}/run")
    @Produces(Asking.STREAM)
    public void runVersion(
            @BeanParam Entrance entrance,
            @PathParam("id") String version,
            InputStream entity,
            @Context SseEventSink sink)
            throws IOException {
        run(entrance, entity, sink, Optional.of(version));
    }

    private static void run(Entrance entrance, InputStream entity, SseEventSink sink, Optional<String> version)
            throws IOException {
        Visit visit = entrance.admitWithJson(EndpointGroup.WORKFLOW);
        JsonNode body = Entrance.body(entity);
        RunBody run = RunBody.of(body, visit.fileRules());
        visit.requireInputs(run.inputs().keySet());
        WorkflowRequest request = new WorkflowRequest(visit.user(), run.inputs(), run.files(), version, Map.of());
        Asking asking = Asking.of(visit, entrance, sink);
        if (run.streaming()) {
            asking.stream(request, run.characters(), () -> visit.client().workflows().stream(request));
        } else {
            asking.document(
                    run.characters(),
                    () -> WorkflowDocument.collect(visit.client().workflows().stream(request)),
                    WorkflowDocument::of);
        }
    }

    /** Stops a run of the caller's own, which Dify does for anybody; see {@link Asking#stop}. */
    @POST
    @Path("workflows/tasks/{task_id}/stop")
    @Produces("application/json")
    public void stop(
            @BeanParam Entrance entrance, @PathParam("task_id") String taskId, @Suspended AsyncResponse response) {
        Visit visit = entrance.admitWithJson(EndpointGroup.WORKFLOW);
        Documents.success(entrance, response, Asking.stop(visit, taskId, () -> visit.client()
                .workflows()
                .stopAsync(visit.user(), taskId)));
    }

    /**
     * Joins a run of the caller's, also one of a chatflow's that waited for a form: {@code GET
     * /workflow/{workflow_run_id}/events}, since Dify 1.14, with {@code include_state_snapshot} and {@code
     * continue_on_pause}. Dify itself knows no other's run. It costs no tokens, since the run was paid, and leaving does not
     * stop the run.
     */
    @GET
    @Path("workflow/{run: " + Ids.UUID + "}/events")
    @Produces(Asking.STREAM)
    public void join(@BeanParam Entrance entrance, @PathParam("run") String run, @Context SseEventSink sink) {
        Visit visit = entrance.admitToOne(EndpointGroup.WORKFLOW, EndpointGroup.FORMS);
        ListQuery query = entrance.query();
        boolean snapshot = query.flag("include_state_snapshot");
        boolean throughPauses = query.flag("continue_on_pause");
        Asking.of(visit, entrance, sink)
                .watch(() -> visit.client().workflows().attach(visit.user(), run, snapshot, throughPauses));
    }
}
