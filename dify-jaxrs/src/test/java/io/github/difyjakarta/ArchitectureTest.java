package io.github.difyjakarta;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** One package, one reason to import; arrows go one way. */
@AnalyzeClasses(packages = "io.github.difyjakarta", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String OURS = "io.github.difyjakarta.";

    @ArchTest
    static final ArchRule SSE_KNOWS_ONLY_THE_JDK = onlyDependsOn("sse", "java..", OURS + "sse");

    @ArchTest
    static final ArchRule JSON_KNOWS_ONLY_JACKSON =
            onlyDependsOn("client.json", "java..", "com.fasterxml.jackson..", OURS + "client.json");

    @ArchTest
    static final ArchRule EVENTS_KNOW_ONLY_JSON = onlyDependsOn(
            "client.event", "java..", "com.fasterxml.jackson..", OURS + "client.event", OURS + "client.json");

    @ArchTest
    static final ArchRule THE_CLIENT_KNOWS_NO_CONTAINER = classes()
            .that()
            .resideInAPackage(OURS + "client..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "javax.net.ssl..",
                    "com.fasterxml.jackson..",
                    "org.apache.hc..",
                    "io.github.resilience4j..",
                    "org.jspecify.annotations..",
                    OURS + "client..",
                    OURS + "sse");

    @ArchTest
    static final ArchRule ONLY_THE_BREAKER_KNOWS_ITS_LIBRARY = noClasses()
            .that()
            .haveNameNotMatching(".*\\.client\\.call\\.Breaker(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.github.resilience4j..");

    @ArchTest
    static final ArchRule ONLY_DIFY_JSON_KNOWS_JACKSON = noClasses()
            .that()
            .resideInAPackage(OURS + "client..")
            .and()
            .resideOutsideOfPackages(OURS + "client.json", OURS + "client.event")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.fasterxml.jackson..");

    @ArchTest
    static final ArchRule ENDPOINTS_KNOW_NO_TRANSPORT = noClasses()
            .that()
            .resideInAnyPackage(
                    OURS + "client.annotation",
                    OURS + "client.app",
                    OURS + "client.audio",
                    OURS + "client.chat",
                    OURS + "client.conversation",
                    OURS + "client.workflow")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(OURS + "client.http", "org.apache.hc..");

    @ArchTest
    static final ArchRule THE_RELAY_KNOWS_NO_TRANSPORT = onlyDependsOn(
            "relay",
            "java..",
            "com.github.benmanes.caffeine.cache..",
            OURS + "relay",
            OURS + "client.call",
            OURS + "client.error",
            OURS + "client.event",
            OURS + "client.json",
            OURS + "quota",
            OURS + "sse");

    @ArchTest
    static final ArchRule ORIGINS_KNOW_NOTHING_OF_A_CONTAINER_BUT_REQUESTS =
            onlyDependsOn("origin", "java..", "jakarta.servlet.http..", OURS + "origin", OURS + "quota");

    @ArchTest
    static final ArchRule ORIGINS_ARE_JUDGED_WITHOUT_A_CONTAINER = noClasses()
            .that()
            .resideInAPackage(OURS + "origin")
            .and()
            .doNotHaveSimpleName("SiteRequest")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jakarta..");

    @ArchTest
    static final ArchRule THE_TRANSPORT_KNOWS_NOTHING_OF_DIFY =
            onlyDependsOn("client.http", "java..", "javax.net.ssl", "org.apache.hc..", OURS + "client.http");

    @ArchTest
    static final ArchRule NOBODY_NEEDS_THE_GLUE = noClasses()
            .that()
            .resideOutsideOfPackages(OURS + "rest", OURS + "websocket", OURS + "cdi")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(OURS + "rest", OURS + "websocket", OURS + "cdi");

    @ArchTest
    static final ArchRule THE_ADAPTERS_DO_NOT_KNOW_EACH_OTHER = noClasses()
            .that()
            .resideInAPackage(OURS + "websocket")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta.ws.rs..", OURS + "rest", OURS + "cdi");

    @ArchTest
    static final ArchRule WEBSOCKETS_STAY_IN_THEIR_PACKAGE = noClasses()
            .that()
            .resideOutsideOfPackage(OURS + "websocket")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jakarta.websocket..");

    /** The module of {@code servlet} has a rule of its own: two of its classes, loaded only where there is CDI. */
    @ArchTest
    static final ArchRule THE_BROWSER_KIT_KNOWS_ONLY_SERVLETS =
            onlyDependsOn("ui", "java..", "jakarta.servlet..", OURS + "ui");

    @ArchTest
    static final ArchRule CDI_STAYS_IN_ITS_PACKAGE = noClasses()
            .that()
            .resideOutsideOfPackages(OURS + "cdi", OURS + "servlet")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jakarta.enterprise..");

    @ArchTest
    static final ArchRule NO_CIRCLES = slices().matching(OURS + "(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule NO_WALL_CLOCK_FOR_DURATIONS =
            noClasses().should().callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule NOBODY_SLEEPS = noClasses().should().callMethod(Thread.class, "sleep", long.class);

    private static ArchRule onlyDependsOn(String name, String... allowed) {
        String[] packages = new String[allowed.length + 1];
        System.arraycopy(allowed, 0, packages, 0, allowed.length);
        packages[allowed.length] = "org.jspecify.annotations";
        return classes()
                .that()
                .resideInAPackage(OURS + name)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(packages);
    }
}
