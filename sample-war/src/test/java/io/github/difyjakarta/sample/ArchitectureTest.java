package io.github.difyjakarta.sample;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.github.difyjakarta.sample", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule the_application_knows_nothing_of_dify = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.github.difyjakarta.sample",
                    "java..",
                    "jakarta..",
                    "com.fasterxml.jackson..",
                    "org.jspecify.annotations");

    @ArchTest
    static final ArchRule pages_hold_the_data_and_data_knows_no_pages = noClasses()
            .that()
            .areRecords()
            .or()
            .haveSimpleName("OrderBook")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jakarta..");
}
