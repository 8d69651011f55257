package io.gmil.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gmil.cli.Records;
import io.gmil.schema.AttentionSummary;
import io.gmil.schema.CellTypeAttention;
import io.gmil.schema.Prediction;
import io.gmil.schema.PredictionKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesTest {

    @TempDir
    private Path directory;

    private Locale usual;

    @BeforeEach
    void useDecimalComma() {
        usual = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
    }

    @AfterEach
    void restoreLocale() {
        Locale.setDefault(usual);
    }

    @Test
    void predictions() throws IOException {
        Path file = directory.resolve("predictions.csv");
        PredictionsCsv.write(
                file,
                List.of(
                        Records.prediction("plain", PredictionKind.FINAL, 0.4375, "c"),
                        Records.prediction("a,\"b\"", PredictionKind.ARRIVAL, 0.5, null)));

        assertThat(Files.readAllLines(file))
                .containsExactly(
                        "sample_id,outcome,kind,eta_mean,eta_sd,random_effect,probability,lower,upper,"
                                + "posterior_version,labelled_bags,in_training,status,fixed_effect",
                        "plain,Y,FINAL,-0.25,0.5,1.0E-7,0.4375,0.125,0.75,12,3,true,OK,0.0",
                        "\"a,\"\"b\"\"\",Y,ARRIVAL,-0.25,0.5,1.0E-7,0.5,0.125,0.75,12,3,true,OK,0.0");
    }

    @Test
    void attentionIsInTheOrderOfTheCohortAndCutAtTopK() throws IOException {
        Path file = directory.resolve("attention.csv");
        try (AttentionCsv attention = new AttentionCsv(directory.resolve("spool"), 3, 2)) {
            assertThat(attention.add(2, Records.attention("z", "c", 0, 1, 0, 1, 2)))
                    .isTrue();
            assertThat(attention.add(0, Records.attention("a", "c", 1, 2, 1, 2)))
                    .isFalse();
            assertThat(attention.add(0, Records.attention("a", "c", 1, 2, 1, 2)))
                    .isFalse();
            assertThat(attention.add(0, Records.attention("a", "c", 0, 2, 0))).isTrue();
            assertThat(attention.add(0, Records.attention("a", "c", 0, 2, 0))).isFalse();
            assertThat(attention.finished()).isEqualTo(2);
            attention.writeTo(file);
        }

        assertThat(Files.readString(file)).isEqualTo("""
                        sample_id,outcome,rank,cell_id,weight,contribution
                        a,Y,1,c0,0.5,-0.25
                        a,Y,2,c1,0.25,-0.25
                        z,Y,1,c0,0.5,-0.25
                        z,Y,2,c1,0.25,-0.25
                        """);
        assertThat(directory.resolve("spool")).doesNotExist();
    }

    @Test
    void attentionOfEveryCell() throws IOException {
        Path file = directory.resolve("attention.csv");
        try (AttentionCsv attention = new AttentionCsv(directory.resolve("spool"), 1, 0)) {
            attention.add(0, Records.attention("a", "c", 0, 1, 0, 1, 2, 3));
            attention.writeTo(file);
        }

        assertThat(Files.readAllLines(file)).hasSize(5);
    }

    @Test
    void howAttentionIsSpread() throws IOException {
        Path file = directory.resolve("attention-summary.csv");
        AttentionSummary summary = Records.attention("a", "c", 0, 1, 0);
        summary.setWeightQuantiles(List.of(0.0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75));
        AttentionSummaryCsv.write(file, Arrays.asList(AttentionFigures.of(summary), null));

        assertThat(Files.readAllLines(file))
                .containsExactly(
                        "sample_id,outcome,cells,entropy,effective_cells,"
                                + "weight_min,weight_q25,weight_q50,weight_q75,weight_q90,weight_q99,weight_max",
                        "a,Y,4,1.0,2.0,0.0,0.125,0.25,0.375,0.5,0.625,0.75");
    }

    @Test
    void cellTypesBeginWithTheHeaviestAndEndWithTheCellsOfUnknownType() throws IOException {
        Path file = directory.resolve("cell-types.csv");
        AttentionSummary some = Records.attention("a", "c", 0, 1, 0);
        some.setByCellType(
                List.of(new CellTypeAttention("T", 1, 0.25, -0.5), new CellTypeAttention("NK, B", 1, 0.5, 0.125)));
        AttentionSummary all = Records.attention("b", "c", 0, 1, 0);
        all.setByCellType(List.of(new CellTypeAttention("T", 4, 1.0, -0.5)));
        Prediction prediction = Records.prediction("a", PredictionKind.FINAL, 0.5, "c");
        prediction.setRandomEffect(0.75);
        CellTypesCsv.write(
                file,
                Arrays.asList(AttentionFigures.of(some), null, AttentionFigures.of(all)),
                Arrays.asList(prediction, null, null));

        assertThat(Files.readString(file)).isEqualTo("""
                        sample_id,outcome,cell_type,cells,share,mass,contribution
                        a,Y,"NK, B",1,0.25,0.5,0.125
                        a,Y,T,1,0.25,0.25,-0.5
                        a,Y,,2,0.5,0.25,1.125
                        b,Y,T,4,1.0,1.0,-0.5
                        """);
    }

    @Test
    void summary() throws IOException {
        Path file = directory.resolve("summary.json");
        Figures unknown = new Figures(null, null, null, null, null);
        new Summary(
                        12,
                        10,
                        2,
                        600,
                        77,
                        1.5,
                        new Summary.Prequential(0.5, 0.7, 0.25),
                        new Figures(0.75, 0.6, 0.2, 0.8, 0.9),
                        unknown)
                .write(file);

        JsonNode json = new ObjectMapper().readTree(file.toFile());
        assertThat(json.fieldNames())
                .toIterable()
                .containsExactly(
                        "bags",
                        "labelledBags",
                        "testBags",
                        "cells",
                        "posteriorVersion",
                        "seconds",
                        "prequential",
                        "test",
                        "baseline");
        assertThat(json.get("prequential").fieldNames()).toIterable().containsExactly("auc", "logLoss", "brier");
        assertThat(json.get("test").fieldNames())
                .toIterable()
                .containsExactly("auc", "logLoss", "brier", "rhoBag", "aucInstance");
        assertThat(json.get("test").get("rhoBag").doubleValue()).isEqualTo(0.8);
        assertThat(json.get("baseline").get("auc").isNull()).isTrue();
    }
}
