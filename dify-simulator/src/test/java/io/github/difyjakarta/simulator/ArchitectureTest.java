package io.github.difyjakarta.simulator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.github.difyjakarta.simulator", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule needsNothingButTheJdkAndJackson = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..", "io.github.difyjakarta.simulator..", "com.fasterxml.jackson..", "org.jspecify..");

    @ArchTest
    static final ArchRule socketsAreTouchedByTheirThreeOwnersAlone = noClasses()
            .that()
            .doNotHaveSimpleName("Server")
            .and()
            .doNotHaveSimpleName("Connection")
            .and()
            .haveSimpleNameNotStartingWith("EventLoop")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.nio.channels..");

    @ArchTest
    static final ArchRule theServerKnowsNothingOfDify = classes()
            .that()
            .resideInAPackage("..simulator.http..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "..simulator.http..", "org.jspecify..");

    @ArchTest
    static final ArchRule theAppKnowsNothingOfScriptsAndRecords = noClasses()
            .that()
            .resideInAPackage("..simulator.app..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.github.difyjakarta.simulator");

    @ArchTest
    static final ArchRule applicationsSeeFiveTypes = classes()
            .that()
            .resideInAPackage("io.github.difyjakarta.simulator")
            .and()
            .areTopLevelClasses()
            .and()
            .arePublic()
            .should()
            .haveNameMatching(".*\\.(DifySimulator|DifySimulatorBuilder|Script|RecordedRequest|StreamRecord)");

    @ArchTest
    static final ArchRule thePackagesBesideShowWhatIsNeededAlone = classes()
            .that()
            .resideInAnyPackage("..simulator.http..", "..simulator.app..")
            .and()
            .areTopLevelClasses()
            .and()
            .arePublic()
            .should()
            .haveNameMatching(".*\\.(http\\.(EventLoop|Exchange|HttpRequest|Multipart|Reply|Server|Signature)"
                    + "|app\\.(App|Behaviour|Json|Paths|Settings|Version))");
}
