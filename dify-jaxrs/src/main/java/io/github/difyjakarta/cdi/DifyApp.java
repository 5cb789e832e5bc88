package io.github.difyjakarta.cdi;

import jakarta.enterprise.util.AnnotationLiteral;
import jakarta.enterprise.util.Nonbinding;
import jakarta.inject.Qualifier;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Chooses one of several Dify apps, by a name that {@code dify.apps} lists. */
@Qualifier @Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER, ElementType.TYPE})
public @interface DifyApp {
    /** The name of the app. Not part of the bean's identity: every name resolves, and a wrong one shows at use. */
    @Nonbinding
    String value();

    /** The qualifier as an object, for {@code Instance.select} at run time. */
    final class Literal extends AnnotationLiteral<DifyApp> implements DifyApp {
        private static final long serialVersionUID = 1;

        private final String value;

        private Literal(String value) {
            this.value = value;
        }

        /** The qualifier of an app's name. */
        public static Literal of(String app) {
            return new Literal(app);
        }

        @Override
        public String value() {
            return value;
        }
    }
}
