package io.github.difyjakarta.rest;

import io.github.difyjakarta.app.EndpointGroup;
import io.github.difyjakarta.client.app.AppParameters;
import io.github.difyjakarta.client.file.Upload;
import io.github.difyjakarta.client.file.UploadedFile;
import io.github.difyjakarta.relay.Ownership;
import io.github.difyjakarta.relay.RelayError;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import java.io.IOException;
import java.util.concurrent.CompletionStage;

/** Files of questions: the caller's own, coming and going. */
@Path("{app}")
@InOwnApplication
public class FilesResource {
    /**
     * Takes a file to be named in questions of the same user: {@code POST /files/upload}, a form with the part {@code file}. 413
     * and 415 for what is too large or what the app does not take.
     */
    @POST
    @Path("files/upload")
    @Produces("application/json")
    public void upload(@BeanParam Entrance entrance, @Suspended AsyncResponse response) throws IOException {
        Visit visit = entrance.admit(EndpointGroup.FILES);
        Uploading.pass(entrance, response, visit, (file, upload) -> send(visit, file, upload), uploaded -> {
            visit.clients().relays().ownership().grant(visit.user(), Ownership.Kind.FILE, uploaded.id());
            return Reply.created(uploaded.json().json());
        });
    }

    private static CompletionStage<UploadedFile> send(Visit visit, IncomingFile file, Upload upload) {
        return visit.clients().parameters(visit.app()).thenCompose(parameters -> {
            long most = rules(visit, parameters).most(file.extension(), file.content());
            file.content().atMost(most);
            return visit.client().files().uploadAsync(visit.user(), upload);
        });
    }

    private static UploadRules rules(Visit visit, AppParameters parameters) {
        return visit.clients().settings().offers(visit.app(), EndpointGroup.FORMS)
                ? UploadRules.anything(parameters)
                : UploadRules.of(parameters)
                        .orElseThrow(() -> IncomingFile.unsupported("This app does not take files."));
    }

    /**
     * Shows a file of the caller's that belongs to a message: {@code GET /files/{file_id}/preview}, since Dify 1.7.2. Pictures,
     * sounds, films and plain text are shown as what they are, everything else is to be saved, so that nothing somebody sent
     * runs in the name of this application; {@code as_attachment=true} does so for all.
     */
    @GET
    @Path("files/{id: " + Ids.UUID + "}/preview")
    @Produces("*/*")
    public void preview(@BeanParam Entrance entrance, @PathParam("id") String id, @Suspended AsyncResponse response) {
        Visit visit = entrance.admit(EndpointGroup.FILES);
        if (!visit.clients().relays().ownership().isOwner(visit.user(), Ownership.Kind.FILE, id)) {
            throw new Problem(RelayError.of(404, "file_not_found", "File not found in message context"));
        }
        boolean attachment = entrance.query().flag("as_attachment");
        FileOutlet.answer(
                entrance,
                response,
                visit,
                body -> visit.client().files().previewAsync(id, attachment, body),
                FileHead::ofPreview);
    }
}
