package io.github.difyjakarta.servlet;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.github.difyjakarta", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    /** Those that name what a server may not have. */
    private static final String OPTIONAL = ".*(\\$MicroProfile|\\.CallerBean|\\.QuotaMetrics)(\\$.*)?";

    @ArchTest
    static final ArchRule servletKnowsTheServletApiAlone = classes()
            .that()
            .resideInAPackage("..difyjakarta.servlet..")
            .and()
            .haveNameNotMatching(OPTIONAL)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "javax.naming..",
                    "javax.management..",
                    "javax.crypto..",
                    "jakarta.servlet..",
                    "org.jspecify..",
                    "io.github.difyjakarta..");

    @ArchTest
    static final ArchRule hazelcastIsNamedInItsStoreAlone = noClasses()
            .that()
            .haveNameNotMatching(".*HazelcastStore(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.hazelcast..", "io.github.bucket4j.grid..");

    @ArchTest
    static final ArchRule lettuceIsNamedInItsStoreAlone = noClasses()
            .that()
            .haveNameNotMatching(".*RedisStore(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.lettuce..", "io.github.bucket4j.redis..");

    @ArchTest
    static final ArchRule quotasKnowNeitherServletNorTheRestOfUs = classes()
            .that()
            .resideInAPackage("..difyjakarta.quota..")
            .and()
            .haveNameNotMatching(".*(HazelcastStore|RedisStore)(\\$.*)?")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "io.github.bucket4j..",
                    "com.github.benmanes.caffeine..",
                    "javax.naming..",
                    "org.jspecify..",
                    "io.github.difyjakarta.quota..");

    @ArchTest
    static final ArchRule decisionsAreValuesAndLogNothing = noClasses()
            .that()
            .resideInAPackage("..difyjakarta.quota..")
            .and()
            .doNotHaveSimpleName("GuardedStore")
            .and()
            .doNotHaveSimpleName("Budgets")
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(System.Logger.class);

    @ArchTest
    static final ArchRule noQuotaHangsOnAClockThatCanBeSet = noClasses()
            .that()
            .resideInAPackage("..difyjakarta.quota..")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.time.Clock")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.time.Instant")
            .orShould()
            .accessField("io.github.bucket4j.TimeMeter", "SYSTEM_MILLISECONDS");

    @ArchTest
    static final ArchRule whatAServerMayNotHaveIsNamedInItsHoldersAlone = noClasses()
            .that()
            .haveNameNotMatching(OPTIONAL)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.eclipse.microprofile..", "jakarta.enterprise..", "jakarta.inject..");

    @ArchTest
    static final ArchRule theStateOfAStreamKnowsNoServlet = noClasses()
            .that()
            .haveSimpleName("EventStream")
            .or()
            .haveSimpleName("StreamState")
            .or()
            .haveSimpleName("Answer")
            .or()
            .haveSimpleName("Progress")
            .or()
            .haveSimpleName("Ending")
            .or()
            .haveSimpleName("ByteQueue")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jakarta..");
}
