package io.gmil.stream;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** schemas ← connectors ← stream ← cli; model ← stream; nothing points back. */
class ArchitectureTest {

    private static final String SCHEMAS = "io.gmil.schema..";
    private static final String COHORT = "io.gmil.cohort..";
    private static final String KAFKA = "io.gmil.kafka..";
    private static final String MODEL = "io.gmil.model..";
    private static final String STREAM = "io.gmil.stream..";
    private static final String CLI = "io.gmil.cli..";
    private static final String FLINK = "org.apache.flink..";
    private static final String KAFKA_CLIENTS = "org.apache.kafka..";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.gmil");

    /** A rule on no classes would hold whatever happens. */
    @ParameterizedTest
    @ValueSource(strings = {SCHEMAS, COHORT, KAFKA, MODEL, STREAM})
    void everyModuleIsLookedAt(String module) {
        assertThat(CLASSES.that(resideInAPackage(module))).hasSizeGreaterThan(5);
    }

    @Test
    void schemasDependOnNothingOfOurs() {
        no(SCHEMAS, COHORT, KAFKA, MODEL, STREAM, CLI, FLINK, KAFKA_CLIENTS);
    }

    @Test
    void connectorsDoNotDependOnJobs() {
        no(COHORT, MODEL, STREAM, CLI);
        no(KAFKA, MODEL, STREAM, CLI);
    }

    @Test
    void cohortsKnowNoFlinkAndNoKafka() {
        no(COHORT, FLINK, KAFKA_CLIENTS, KAFKA);
    }

    @Test
    void theModelKnowsNoStreamAndNoRecord() {
        no(MODEL, SCHEMAS, COHORT, KAFKA, STREAM, CLI, FLINK, KAFKA_CLIENTS, "org.apache.avro..");
    }

    @Test
    void theModelKnowsNoLogAndNoFile() {
        no(
                MODEL,
                "org.slf4j..",
                "org.apache.logging..",
                "java.util.logging..",
                "java.io..",
                "java.nio.file..",
                "java.nio.channels..",
                "java.net..");
    }

    @Test
    void theModelKnowsNoClock() {
        from(MODEL)
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Clock.class, Instant.class)
                .check(CLASSES);
        from(MODEL).should().callMethod(System.class, "currentTimeMillis").check(CLASSES);
        from(MODEL).should().callMethod(System.class, "nanoTime").check(CLASSES);
    }

    @Test
    void theStreamKnowsNoCommandLine() {
        no(STREAM, CLI, COHORT, "picocli..");
    }

    private static void no(String module, String... others) {
        from(module).should().dependOnClassesThat().resideInAnyPackage(others).check(CLASSES);
    }

    private static GivenClassesConjunction from(String module) {
        return noClasses().that().resideInAPackage(module);
    }
}
