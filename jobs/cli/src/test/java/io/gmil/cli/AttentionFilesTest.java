package io.gmil.cli;

import static io.gmil.cli.CsvTable.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What 'predict' says of attention to three classes and of cell types, against sums over the list of all cells. */
class AttentionFilesTest {

    private static final int SAMPLES = 22;
    private static final List<String> CLASSES = List.of("label=0", "label=1", "label=2");

    /** Of cell i of a sample the (i mod 5)th; the last are unknown. */
    private static final List<String> TYPES = List.of("T", "B", "T", "NK", "");

    @TempDir
    private Path directory;

    @BeforeEach
    void fit() throws IOException {
        Run.of("simulate --likelihood categorical --classes 3 --bags 18 --test-bags 4 --cells 9 --dim 3 --ragged --out "
                + path("sim.csv"));
        addTypes(path("sim.csv"));
        Run fitted = Run.of("fit --likelihood categorical --split split --train train --cohort " + path("sim.csv")
                + " --model " + path("model"));
        assertThat(fitted.err()).isEmpty();
    }

    private static void addTypes(Path file) throws IOException {
        List<String> typed = new ArrayList<>();
        String sample = "";
        int cell = 0;
        for (String line : Files.readAllLines(file)) {
            String of = line.substring(0, line.indexOf(','));
            cell = of.equals(sample) ? cell + 1 : 0;
            sample = of;
            typed.add(line + "," + (typed.isEmpty() ? "type" : TYPES.get(cell % TYPES.size())));
        }
        Files.write(file, typed);
    }

    private Path path(String name) {
        return directory.resolve(name);
    }

    private Run predict(String arguments) {
        return Run.of(
                "predict --cohort",
                path("sim.csv").toString(),
                "--model " + path("model") + " --out " + path("p.csv"),
                arguments.replace("@", directory + "/"));
    }

    private static List<Map<String, String>> where(List<Map<String, String>> rows, Map<String, String> of) {
        return rows.stream()
                .filter(row -> row.get("sample_id").equals(of.get("sample_id"))
                        && row.get("outcome").equals(of.get("outcome")))
                .toList();
    }

    private static double sum(List<Map<String, String>> rows, String column, Predicate<Map<String, String>> of) {
        return rows.stream().filter(of).mapToDouble(row -> number(row, column)).sum();
    }

    @Test
    void cellTypesAddUpForEveryClass() throws IOException {
        Run run = predict("--attention @a.csv --top-k all --cell-type type --cell-types @t.csv");
        assertThat(run.err()).isEmpty();
        List<Map<String, String>> cells = CsvTable.read(path("a.csv"));
        List<Map<String, String>> types = CsvTable.read(path("t.csv"));
        List<Map<String, String>> predictions = CsvTable.read(path("p.csv"));

        assertThat(predictions).hasSize(CLASSES.size() * SAMPLES);
        assertThat(predictions.subList(0, 3))
                .extracting(row -> row.get("outcome"))
                .isEqualTo(CLASSES);
        for (Map<String, String> prediction : predictions) {
            List<Map<String, String>> ofBag = where(types, prediction);
            double effect = number(prediction, "random_effect");
            assertThat(sum(ofBag, "share", row -> true)).isCloseTo(1, within(1e-12));
            assertThat(sum(ofBag, "mass", row -> true)).isCloseTo(1, within(1e-12));
            assertThat(sum(ofBag, "contribution", row -> true)).isCloseTo(effect, within(1e-12));
            assertThat(number(prediction, "fixed_effect") + effect)
                    .isCloseTo(number(prediction, "eta_mean"), within(1e-12));
            assertSums(where(cells, prediction), ofBag);
        }
    }

    /** Cells have no names here: they are called by their row in the sample. */
    private static void assertSums(List<Map<String, String>> cells, List<Map<String, String>> types) {
        assertThat(types).hasSize((int)
                cells.stream().map(AttentionFilesTest::type).distinct().count());
        for (Map<String, String> type : types) {
            Predicate<Map<String, String>> ofType = cell -> type(cell).equals(type.get("cell_type"));
            int count = (int) cells.stream().filter(ofType).count();
            assertThat(number(type, "cells")).isEqualTo(count);
            assertThat(number(type, "share")).isEqualTo((double) count / cells.size());
            assertThat(number(type, "mass")).isCloseTo(sum(cells, "weight", ofType), within(1e-12));
            assertThat(number(type, "contribution")).isCloseTo(sum(cells, "contribution", ofType), within(1e-12));
        }
        List<Double> known = types.stream()
                .filter(type -> !type.get("cell_type").isEmpty())
                .map(type -> number(type, "mass"))
                .toList();
        assertThat(known).isSortedAccordingTo((a, b) -> Double.compare(b, a));
    }

    private static String type(Map<String, String> cell) {
        return TYPES.get(Integer.parseInt(cell.get("cell_id")) % TYPES.size());
    }

    @Test
    void theSummarySaysHowAttentionIsSpread() throws IOException {
        Run run = predict("--attention @a.csv --top-k all --attention-summary @u.csv");
        assertThat(run.err()).isEmpty();
        List<Map<String, String>> cells = CsvTable.read(path("a.csv"));
        List<Map<String, String>> summaries = CsvTable.read(path("u.csv"));

        assertThat(summaries).hasSize(CLASSES.size() * SAMPLES);
        for (Map<String, String> summary : summaries) {
            double[] w = where(cells, summary).stream()
                    .mapToDouble(cell -> number(cell, "weight"))
                    .sorted()
                    .toArray();
            double entropy = Arrays.stream(w).map(x -> -x * Math.log(x)).sum();
            double squares = Arrays.stream(w).map(x -> x * x).sum();
            double median = (w[(w.length - 1) / 2] + w[w.length / 2]) / 2;
            assertThat(number(summary, "cells")).isEqualTo(w.length);
            assertThat(number(summary, "entropy")).isCloseTo(entropy, within(1e-12));
            assertThat(number(summary, "effective_cells")).isCloseTo(1 / squares, within(1e-9));
            assertThat(number(summary, "weight_min")).isCloseTo(w[0], within(1e-15));
            assertThat(number(summary, "weight_q50")).isCloseTo(median, within(1e-15));
            assertThat(number(summary, "weight_max")).isCloseTo(w[w.length - 1], within(1e-15));
        }
    }

    @Test
    void eachFileIsTheSameAlone() throws IOException {
        predict("--attention @a.csv --attention-summary @u.csv --cell-type type --cell-types @t.csv");
        predict("--overwrite --attention @a2.csv");
        predict("--overwrite --attention-summary @u2.csv");
        predict("--overwrite --cell-type type --cell-types @t2.csv");

        for (String file : List.of("a", "u", "t")) {
            assertThat(path(file + "2.csv")).hasSameTextualContentAs(path(file + ".csv"));
        }
    }

    @Test
    void endsWithALineForEveryClass() {
        assertThat(predict("").out().lines())
                .satisfiesExactly(
                        line -> assertThat(line).matches(" +samples +in training +mean +status"),
                        line -> assertThat(line).matches("label=0 +22 +18 +0\\.\\d{3} +OK +mean of the probability"),
                        line -> assertThat(line).startsWith("label=1 "),
                        line -> assertThat(line).startsWith("label=2 "),
                        line -> assertThat(line).isEmpty(),
                        line -> assertThat(line).matches("22 samples, \\d+ cells predicted: .*p\\.csv"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --cell-types @t.csv | --cell-types FILE.csv needs --cell-type COLUMN
            --cell-type type | --cell-type COLUMN needs --cell-types FILE.csv
            --cell-type type --attention-summary @u.csv | --cell-type COLUMN needs --cell-types FILE.csv
            --cell-type kind --cell-types @t.csv | no column 'kind'
            --cell-type type --cell-types @p.csv | --out and --cell-types: expected two files
            --attention-summary / --overwrite | --attention-summary: expected a file, got the directory /
            --attention-summary @model --overwrite | --attention-summary: expected a file outside the model directory
            --attention-summary @sim.csv --overwrite | --attention-summary: expected a file that is not read as well
            """)
    void refusesWhatDoesNotGoTogether(String arguments, String expected) throws IOException {
        predict(arguments).assertRefused(expected);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("model", "sim.csv");
        }
    }
}
