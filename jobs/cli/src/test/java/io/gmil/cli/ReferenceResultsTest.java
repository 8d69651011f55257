package io.gmil.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On cohorts of {@code ../shared}, which are not part of the repository: the default engine is as good as published results. */
class ReferenceResultsTest {

    private static final Path SHARED =
            Path.of(System.getProperty("GMIL_SHARED", System.getenv().getOrDefault("GMIL_SHARED", "../../../shared")));

    @TempDir
    private Path directory;

    private static Path needed(String file) {
        Path path = SHARED.resolve(file);
        assumeThat(path)
                .as("a cohort with published results, see GMIL_SHARED; without it nothing here is tested")
                .exists();
        return path;
    }

    /** The authors' figures are those of their code after 2000 epochs. */
    @ParameterizedTest
    @CsvSource({"seed42, .838, .925", "seed43, .806, .953"})
    void twelvePassesFindWhatTheAuthorsFind(String seed, double rho, double auc) {
        Path files = needed("reference/simulation/" + seed);
        Run run = Run.of(
                "fit " + files.resolve("data.h5ad") + " --embedding obsm/X_emb --sample sample_id",
                "--labels " + files.resolve("patients.csv") + " --label Y --likelihood binomial --trials 2",
                "--split split --train train --true-effect u_true --true-weight w_true",
                "--passes 12 --model " + directory.resolve("model"));
        assertThat(run.err()).isEmpty();
        assertThat(last("rho of bag effect", run)).isCloseTo(rho, within(.01));
        assertThat(last("AUC of attention", run)).isCloseTo(auc, within(.01));
    }

    /** The last number of the line that begins so, that of the test samples. */
    private static double last(String name, Run run) {
        Matcher line = Pattern.compile("(?m)^" + name + " .*?([0-9.]+)(?:  +[^0-9 ].*)?$")
                .matcher(run.out());
        assertThat(line.find()).as(run.out()).isTrue();
        return Double.parseDouble(line.group(1));
    }

    /** Drug activity of molecules by their shapes; .921 on average of five repeats, .895 in the first. */
    @Test
    void attentionHelpsOnMusk() throws IOException {
        Path json = directory.resolve("figures.json");
        Run run = Run.of(
                "evaluate " + needed("data/cohorts/musk1.csv.gz") + " --folds 10 --repeats 1 --seed 0",
                "--models gmil,glmmMean --json " + json);
        assertThat(run.err()).isEmpty();
        JsonNode models = new ObjectMapper().readTree(json.toFile()).get("models");
        double gmil = models.get("gmil").get("auc").get("mean").doubleValue();
        assertThat(gmil).isGreaterThan(.88);
        assertThat(gmil)
                .isGreaterThan(models.get("glmmMean").get("auc").get("mean").doubleValue() - .01);
    }
}
