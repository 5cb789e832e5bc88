package io.github.difyjakarta.rest;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Map;
import java.util.Set;

/**
 * Dify's endpoints as an application of their own beside the host's. Moved to another path by {@code
 * <servlet-name>io.github.difyjakarta.rest.DifyApplication</servlet-name>} with a mapping in {@code web.xml}.
 */
@ApplicationPath("dify")
public class DifyApplication extends Application {
    /** Set in this application only, so that resources which a host's scanning picks up know that they are elsewhere. */
    static final String OWN = "io.github.difyjakarta.own-application";

    @Override
    public Set<Class<?>> getClasses() {
        return Set.of(
                ChatResource.class,
                CompletionResource.class,
                WorkflowResource.class,
                FormsResource.class,
                FilesResource.class,
                AudioResource.class,
                ConversationsResource.class,
                VariablesResource.class,
                MessagesResource.class,
                FeedbackResource.class,
                SuggestedResource.class,
                AppResource.class,
                QuotaResource.class,
                StreamsResource.class,
                OwnApplicationOnly.class,
                AsyncRequired.class,
                AcceptAnything.class,
                SseFrameWriter.class,
                ProblemMapper.class);
    }

    @Override
    public Map<String, Object> getProperties() {
        return Map.of(OWN, true);
    }
}
