package io.gmil.cli.offline;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.cli.ListedCohort;
import io.gmil.cohort.CohortOptions;
import io.gmil.cohort.Sample;
import io.gmil.model.AttentionRequest;
import io.gmil.model.Cells;
import io.gmil.model.FitProgress;
import io.gmil.stream.saved.SavedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelDirectoryTest {

    @TempDir
    private Path directory;

    private static CohortOptions options() {
        return CohortOptions.of(Path.of("listed.csv"))
                .covariates(List.of("age"))
                .seed(3)
                .build();
    }

    @Test
    void aModelThatWasReadPredictsTheSameToTheLastBit() throws IOException {
        ListedCohort cohort = new ListedCohort(4, 5, false);
        for (int i = 0; i < 40; i++) {
            cohort.add("s" + i, 6 + i % 5, OptionalDouble.of(i % 3 == 0 ? 1 : 0), i < 30, 20 + i);
        }
        SavedModel fitted = OfflineFit.read(
                        cohort, options(), FitOptions.passes(6, options().seed()))
                .fit(Instant.EPOCH, FitProgress.SILENT);
        ModelDirectory place = new ModelDirectory(directory.resolve("model"));
        place.write(fitted);
        SavedModel read = place.read();

        OfflinePredictor before = new OfflinePredictor(fitted);
        OfflinePredictor after = new OfflinePredictor(read);
        for (int i = 0; i < 40; i++) {
            Sample sample = cohort.samples().get(i);
            Cells cells = Cells.of(cohort.values(i), sample.cells(), 4);
            assertThat(after.predict(sample, cells, AttentionRequest.top(0))[0][0])
                    .usingRecursiveComparison()
                    .isEqualTo(before.predict(sample, cells, AttentionRequest.top(0))[0][0]);
            assertThat(read.learnt(sample.id(), cohort.values(i))).isEqualTo(i < 30);
        }

        // Written again, it is the same model to the last byte.
        ModelDirectory again = new ModelDirectory(directory.resolve("again"));
        again.write(read);
        for (String name : List.of("model.json", "posterior.bin")) {
            assertThat(directory.resolve("again").resolve(name))
                    .hasSameBinaryContentAs(directory.resolve("model").resolve(name));
        }
        assertThat(Files.size(directory.resolve("model/posterior.bin"))).isPositive();
    }

    /** A model of version 2 has neither bounds nor seconds. */
    @Test
    void readsAModelOfTheVersionBefore() throws IOException {
        ListedCohort cohort = new ListedCohort(4, 5, false);
        for (int i = 0; i < 12; i++) {
            cohort.add("s" + i, 6, OptionalDouble.of(i % 2), true, 20 + i);
        }
        ModelDirectory place = new ModelDirectory(directory.resolve("old"));
        place.write(OfflineFit.read(cohort, options(), FitOptions.passes(3, 3)).fit(Instant.EPOCH, FitProgress.SILENT));
        assertThat(place.read().file().provenance().evidenceLowerBound()).containsOnlyKeys("label");
        Path json = directory.resolve("old/model.json");
        Files.writeString(
                json,
                Files.readString(json)
                        .replace("\"formatVersion\" : 3", "\"formatVersion\" : 2")
                        .replaceFirst("\"seconds\" : [^,]*,", "")
                        .replaceFirst("\"evidenceLowerBound\" : \\{[^}]*\\},", ""));
        SavedModel read = place.read();
        assertThat(read.file().formatVersion()).isEqualTo(3);
        assertThat(read.file().provenance().evidenceLowerBound()).isEmpty();
        assertThat(read.file().provenance().passes()).isEqualTo(3);
        assertThat(ModelOutline.parse(Files.readString(json)).labelledBags()).isEqualTo(12);
    }
}
