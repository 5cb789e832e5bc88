package io.github.difyjakarta.cdi;

import io.github.difyjakarta.app.DifyClients;
import io.github.difyjakarta.app.DifySettings;
import io.github.difyjakarta.client.DifyClient;
import io.github.difyjakarta.client.DifyConfigurationException;
import io.github.difyjakarta.servlet.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Default;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.Annotated;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.ProcessBean;
import jakarta.enterprise.inject.spi.ProcessInjectionPoint;
import java.lang.annotation.Annotation;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Registers a {@link DifyClient} bean for every app that is configured or injected, so that an injection point always
 * resolves: whether its app is configured shows at use, or, with {@code dify.strict=true}, at deployment. A bean of the
 * application's own with the same qualifier wins.
 */
public class DifyExtension implements Extension {
    private final Set<Annotation> own = new HashSet<>();
    private final Set<String> injected = new TreeSet<>();

    void rememberOwnBeans(@Observes ProcessBean<?> event) {
        Bean<?> bean = event.getBean();
        if (bean.getTypes().contains(DifyClient.class)) {
            own.addAll(bean.getQualifiers());
        }
    }

    void rememberInjectionPoints(@Observes ProcessInjectionPoint<?, ?> event) {
        Annotated point = event.getInjectionPoint().getAnnotated();
        if (point.isAnnotationPresent(DifyApp.class)) {
            injected.add(point.getAnnotation(DifyApp.class).value());
        }
    }

    void registerClients(@Observes AfterBeanDiscovery event) {
        DifySettings settings = DifySettings.from(Settings.lookup());
        if (settings.strict()) {
            settings.problemMessage()
                    .ifPresent(message -> event.addDefinitionError(new DifyConfigurationException(message)));
        }
        register(event, DifySettings.DEFAULT_APP, Default.Literal.INSTANCE);
        Set<String> names = new TreeSet<>(settings.named());
        names.addAll(injected);
        names.forEach(name -> register(event, name, DifyApp.Literal.of(name)));
    }

    private void register(AfterBeanDiscovery event, String app, Annotation qualifier) {
        if (own.contains(qualifier)) {
            return;
        }
        event.<DifyClient>addBean()
                .beanClass(DifyClient.class)
                .types(DifyClient.class, Object.class)
                .qualifiers(qualifier, Any.Literal.INSTANCE)
                .scope(ApplicationScoped.class)
                .id(DifyClient.class.getName() + "#" + app
                        + qualifier.annotationType().getSimpleName())
                .createWith(context -> DifyClients.get(app));
    }
}
