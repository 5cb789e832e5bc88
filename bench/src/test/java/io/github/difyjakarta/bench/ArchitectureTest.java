package io.github.difyjakarta.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.github.difyjakarta.bench", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule theUpstreamNeedsNothingButTheJdk = classes()
            .that()
            .resideInAPackage("..bench.upstream..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "..bench.upstream..", "org.jspecify..");

    @ArchTest
    static final ArchRule theLoadKnowsWhatItAsksAndNotWhom = classes()
            .that()
            .resideInAPackage("..bench.load..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..", "..bench.load..", "..bench.upstream..", "org.HdrHistogram..", "org.jspecify..");

    @ArchTest
    static final ArchRule theOtherRelaysKnowNothingOfThisProject = noClasses()
            .that()
            .resideInAnyPackage("..bench.naive..", "..bench.jetty..")
            .should()
            .dependOnClassesThat(DescribedPredicate.describe(
                    "are this project's",
                    type -> type.getPackageName().startsWith("io.github.difyjakarta")
                            && !type.getPackageName().endsWith(".naive")
                            && !type.getPackageName().endsWith(".jetty")));

    @ArchTest
    static final ArchRule loadIsPutOnRunningServersNotOnOurClasses = noClasses()
            .that()
            .resideInAnyPackage("..bench", "..bench.load..", "..bench.peer..", "..bench.scenario..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.github.difyjakarta.client..",
                    "io.github.difyjakarta.relay..",
                    "io.github.difyjakarta.rest..",
                    "io.github.difyjakarta.servlet..",
                    "io.github.difyjakarta.sse..");
}
