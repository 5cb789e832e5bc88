package io.github.difyjakarta.cdi;

import io.github.difyjakarta.app.DifyClients;
import io.github.difyjakarta.app.DifySettings;
import io.github.difyjakarta.client.DifyClient;
import io.github.difyjakarta.client.error.DifyConfigurationException;
import io.github.difyjakarta.servlet.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Default;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.InjectionPoint;
import jakarta.enterprise.inject.spi.ProcessBean;
import java.lang.annotation.Annotation;
import java.util.HashSet;
import java.util.Set;

/**
 * Registers the {@link DifyClient} beans, so that an injection point always resolves: whether its app is configured shows at
 * use, or, with {@code dify.strict=true}, at deployment. A bean of the application's own with the same qualifier wins.
 */
public class DifyExtension implements Extension {
    private static final Annotation NAMED = DifyApp.Literal.of("");

    private final Set<Class<? extends Annotation>> own = new HashSet<>();

    void rememberOwnBeans(@Observes ProcessBean<?> event) {
        Bean<?> bean = event.getBean();
        if (bean.getTypes().contains(DifyClient.class)) {
            bean.getQualifiers().forEach(qualifier -> own.add(qualifier.annotationType()));
        }
    }

    void registerClients(@Observes AfterBeanDiscovery event) {
        DifySettings settings = DifySettings.from(Settings.lookup());
        if (settings.strict()) {
            settings.problemMessage()
                    .ifPresent(message -> event.addDefinitionError(new DifyConfigurationException(message)));
        }
        if (!own.contains(Default.class)) {
            event.<DifyClient>addBean()
                    .beanClass(DifyClient.class)
                    .types(DifyClient.class, Object.class)
                    .qualifiers(Default.Literal.INSTANCE, Any.Literal.INSTANCE)
                    .scope(ApplicationScoped.class)
                    .id(DifyClient.class.getName())
                    .createWith(context -> DifyClients.get());
        }
        if (!own.contains(DifyApp.class)) {
            event.<DifyClient>addBean()
                    .beanClass(DifyClient.class)
                    .types(DifyClient.class, Object.class)
                    .qualifiers(NAMED, Any.Literal.INSTANCE)
                    .scope(Dependent.class)
                    .id(DifyClient.class.getName() + "#named")
                    .produceWith(instance -> DifyClients.get(
                            nameAt(instance.select(InjectionPoint.class).get())));
        }
    }

    /** The name that the place of injection asks for. */
    private static String nameAt(InjectionPoint point) {
        return point.getQualifiers().stream()
                .filter(DifyApp.class::isInstance)
                .map(qualifier -> ((DifyApp) qualifier).value())
                .findFirst()
                .orElse(DifySettings.DEFAULT_APP);
    }
}
