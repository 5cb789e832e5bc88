package io.github.difyjakarta.servlet;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.github.difyjakarta", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule servletKnowsTheServletApiAlone = classes()
            .that()
            .resideInAPackage("..difyjakarta.servlet..")
            .and()
            .doNotHaveSimpleName("MicroProfile")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "javax.naming..",
                    "javax.crypto..",
                    "jakarta.servlet..",
                    "org.jspecify..",
                    "io.github.difyjakarta..");

    @ArchTest
    static final ArchRule microProfileIsNamedInItsHolderAlone = noClasses()
            .that()
            .doNotHaveSimpleName("MicroProfile")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.eclipse.microprofile..");

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
