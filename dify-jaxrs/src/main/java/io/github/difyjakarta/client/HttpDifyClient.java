package io.github.difyjakarta.client;

import io.github.difyjakarta.client.annotation.Annotations;
import io.github.difyjakarta.client.app.App;
import io.github.difyjakarta.client.app.EndUsers;
import io.github.difyjakarta.client.audio.Audio;
import io.github.difyjakarta.client.call.Calls;
import io.github.difyjakarta.client.call.DaemonTimer;
import io.github.difyjakarta.client.call.Session;
import io.github.difyjakarta.client.call.TransportSettings;
import io.github.difyjakarta.client.chat.Chat;
import io.github.difyjakarta.client.chat.Completions;
import io.github.difyjakarta.client.config.CallOptions;
import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.conversation.Conversations;
import io.github.difyjakarta.client.conversation.Messages;
import io.github.difyjakarta.client.file.DifyFiles;
import io.github.difyjakarta.client.http.HttpTransport;
import io.github.difyjakarta.client.workflow.HumanInput;
import io.github.difyjakarta.client.workflow.Workflows;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;

/** {@link DifyClient} over HTTP. The endpoints cost nothing until they are called, and are made when they are asked for. */
final class HttpDifyClient implements DifyClient {
    private final Calls calls;
    private final Lifetime lifetime;

    private HttpDifyClient(Calls calls, Lifetime lifetime) {
        this.calls = calls;
        this.lifetime = lifetime;
    }

    static HttpDifyClient standalone(DifyConfig config) {
        DaemonTimer scheduler = new DaemonTimer();
        try {
            return first(config, scheduler, scheduler::shutdownNow);
        } catch (RuntimeException e) {
            scheduler.shutdownNow();
            throw e;
        }
    }

    static HttpDifyClient hosted(DifyConfig config, ScheduledExecutorService scheduler) {
        return first(config, scheduler, () -> {});
    }

    private static HttpDifyClient first(DifyConfig config, ScheduledExecutorService scheduler, Runnable onClose) {
        HttpTransport transport = transport(config, scheduler);
        Session session = new Session(config, transport, scheduler);
        return new HttpDifyClient(new Calls(session), new Lifetime(session, () -> {
            transport.close();
            onClose.run();
        }));
    }

    private static HttpTransport transport(DifyConfig config, ScheduledExecutorService scheduler) {
        return new HttpTransport(TransportSettings.of(config.connections()), scheduler);
    }

    @Override
    public DifyClient with(DifyConfig other) {
        Session ours = calls.session();
        boolean sameWay = other.connections().equals(calls.config().connections());
        HttpTransport transport = sameWay ? ours.transport() : transport(other, ours.scheduler());
        Session session = ours.with(other, transport);
        return new HttpDifyClient(new Calls(session), lifetime.child(session, sameWay ? () -> {} : transport::close));
    }

    @Override
    public DifyClient with(CallOptions options) {
        return new HttpDifyClient(calls.with(options), lifetime);
    }

    @Override
    public Chat chat() {
        return new Chat(calls);
    }

    @Override
    public Completions completions() {
        return new Completions(calls);
    }

    @Override
    public Workflows workflows() {
        return new Workflows(calls);
    }

    @Override
    public HumanInput humanInput() {
        return new HumanInput(calls);
    }

    @Override
    public Conversations conversations() {
        return new Conversations(calls);
    }

    @Override
    public Messages messages() {
        return new Messages(calls);
    }

    @Override
    public DifyFiles files() {
        return new DifyFiles(calls);
    }

    @Override
    public Audio audio() {
        return new Audio(calls);
    }

    @Override
    public App app() {
        return new App(calls);
    }

    @Override
    public Annotations annotations() {
        return new Annotations(calls);
    }

    @Override
    public EndUsers endUsers() {
        return new EndUsers(calls);
    }

    @Override
    public Optional<String> serverVersion() {
        return calls.session().serverVersion();
    }

    @Override
    public void close() {
        lifetime.end();
    }

    /** Names neither the key nor the user. */
    @Override
    public String toString() {
        return "DifyClient[" + calls.config().apiUrl() + "]";
    }
}
