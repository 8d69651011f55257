package io.gmil.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;
import org.junit.jupiter.api.Test;

/** FULL_TRANSITIVE: the current contracts read every release, and every release reads the current contracts. */
class CompatibilityTest {

    @Test
    void everyReleaseIsCompatibleInBothDirections() throws IOException {
        List<Schema> current = Contracts.current();
        assertThat(IntStream.rangeClosed(1, Contracts.newestRelease()).boxed())
                .isNotEmpty()
                .allSatisfy(release -> assertThat(problems(current, Contracts.released(release)))
                        .as("release %d", release)
                        .isEmpty());
    }

    @Test
    void everyContractIsInTheNewestRelease() throws IOException {
        assertThat(Contracts.released(Contracts.newestRelease()))
                .extracting(Schema::getFullName)
                .containsExactlyInAnyOrderElementsOf(
                        Contracts.current().stream().map(Schema::getFullName).toList());
    }

    @Test
    void aNewFieldWithoutDefaultIsDetected() {
        Schema released = record().requiredString("id").endRecord();
        Schema current = record().requiredString("id").requiredInt("added").endRecord();

        assertThat(problems(List.of(current), List.of(released)))
                .singleElement()
                .asString()
                .contains("current cannot read released", "READER_FIELD_MISSING_DEFAULT_VALUE", "added");
    }

    @Test
    void aRemovedFieldWithoutDefaultIsDetected() {
        Schema released = record().requiredString("id").requiredInt("removed").endRecord();
        Schema current = record().requiredString("id").endRecord();

        assertThat(problems(List.of(current), List.of(released)))
                .singleElement()
                .asString()
                .contains("released cannot read current", "READER_FIELD_MISSING_DEFAULT_VALUE", "removed");
    }

    @Test
    void aChangedTypeIsDetected() {
        Schema released = record().requiredInt("count").endRecord();
        Schema current = record().requiredLong("count").endRecord();

        assertThat(problems(List.of(current), List.of(released)))
                .singleElement()
                .asString()
                .contains("released cannot read current", "TYPE_MISMATCH");
    }

    @Test
    void aRemovedRecordIsDetected() {
        Schema released = record().requiredInt("count").endRecord();

        assertThat(problems(List.of(), List.of(released)))
                .containsExactly("io.gmil.schema.Probe: released, but no longer there");
    }

    @Test
    void anOptionalFieldIsAccepted() {
        Schema released = record().requiredString("id").endRecord();
        Schema current = record().requiredString("id").optionalString("added").endRecord();

        assertThat(problems(List.of(current), List.of(released))).isEmpty();
    }

    private static List<String> problems(List<Schema> current, List<Schema> released) {
        Map<String, Schema> byName =
                current.stream().collect(Collectors.toMap(Schema::getFullName, Function.identity()));
        List<String> problems = new ArrayList<>();
        for (Schema old : released) {
            Schema now = byName.get(old.getFullName());
            if (now == null) {
                problems.add(old.getFullName() + ": released, but no longer there");
            } else {
                problems.addAll(problems(old.getFullName() + ": current cannot read released", now, old));
                problems.addAll(problems(old.getFullName() + ": released cannot read current", old, now));
            }
        }
        return problems;
    }

    private static List<String> problems(String what, Schema reader, Schema writer) {
        return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                .getResult()
                .getIncompatibilities()
                .stream()
                .map(Incompatibility::toString)
                .map(found -> what + ": " + found)
                .toList();
    }

    private static SchemaBuilder.FieldAssembler<Schema> record() {
        return SchemaBuilder.record("Probe").namespace("io.gmil.schema").fields();
    }
}
