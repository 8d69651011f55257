package io.gmil.cohort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvCohortTest {

    private static final String TIDY = """
            bag_id,label,age,type,w,f0,f1
            a,1,40,T,0.25,1.5,-2
            "b,\""c\""",0,50,B,1,3e-3,4
            a,1,40,"T, naive",0.75,5,6
            """;

    @TempDir
    Path directory;

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("tidy.csv"), text);
    }

    @Test
    void readsQuotedInterleavedCells() throws IOException {
        Path file = write(TIDY);
        try (Cohort cohort = Asked.of(file)
                .covariates("age")
                .cellType("type")
                .truth(null, "w")
                .open()) {
            assertThat(cohort.description()).isEqualTo("tidy.csv, 2 features");
            assertThat(cohort.hasTrueWeights()).isTrue();
            assertThat(cohort.samples()).extracting(Sample::id).containsExactly("a", "b,\"c\"");
            assertThat(cohort.samples()).extracting(Sample::cells).containsExactly(2, 1);
            assertThat(cohort.samples().get(0).covariates()).containsExactly(40);
            Scanned scanned = Scanned.of(cohort);
            assertThat(scanned.cells())
                    .containsExactly(
                            new Scanned.Cell("a", 0, List.of(1.5f, -2f), null, "T", 0.25),
                            new Scanned.Cell("b,\"c\"", 0, List.of(3e-3f, 4f), null, "B", 1.0),
                            new Scanned.Cell("a", 1, List.of(5f, 6f), null, "T, naive", 0.75));
            assertThat(Scanned.of(cohort)).as("a second pass").isEqualTo(scanned);
        }
    }

    @Test
    void readsGzipWhateverItIsCalledAndByteOrderMark() throws IOException {
        Path file = directory.resolve("packed.csv");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(("\uFEFF" + TIDY.replace("\n", "\r\n")).getBytes(StandardCharsets.UTF_8));
        }
        assertThat(Asked.of(file).scan().cells()).hasSize(3);
    }

    @Test
    void splitsALongSampleIntoRunsThatCount() throws IOException {
        StringBuilder text = new StringBuilder("bag_id,f0\n");
        for (int i = 0; i < 40_000; i++) {
            text.append("a,").append(i).append('\n');
        }
        List<Scanned.Cell> cells = Asked.of(write(text.toString())).scan().cells();
        assertThat(cells).hasSize(40_000);
        for (int i = 0; i < cells.size(); i++) {
            assertThat(cells.get(i).row()).isEqualTo(i);
            assertThat(cells.get(i).values().get(0)).isEqualTo((float) i);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    bag_id,f0;                | has a header but no cells
                    bag,f0;a,1                | no column 'bag_id' in tidy.csv; there are: bag
                    bag_id,x;a,1              | 0 feature columns but no 'f0'; expected f0, f1, ... without a gap
                    bag_id,f0,f2;a,1,2        | 2 feature columns but no 'f1'
                    bag_id,f0,f0;a,1,2        | names column 'f0' twice
                    bag_id,f0;a,1;a           | row 2 of tidy.csv has 1 values; expected 2 as in the header
                    bag_id,f0;a,1;a,2,3       | row 2 of tidy.csv has 3 values; expected 2 as in the header
                    bag_id,f0;a,1;a,one       | column 'f0' is 'one' in row 2 of tidy.csv (sample 'a'); expected a finite
                    bag_id,f0;a,1;a,          | column 'f0' is '' in row 2
                    bag_id,f0;a,NaN           | column 'f0' is 'NaN' in row 1
                    bag_id,f0;a,1e39          | column 'f0' is '1e39' in row 1
                    bag_id,f0;a,1;,2          | cell row 1 (from 0) of tidy.csv names no sample in column 'bag_id'
                    bag_id,label,f0;a,1,1;a,0,1 | column 'label' of tidy.csv has two values in sample 'a': '1' and '0'
                    bag_id,f0;a,"1            | not valid CSV
                    """)
    void namesWhatIsWrongAndWhere(String rows, String message) throws IOException {
        Path file = write(rows.replace(';', '\n'));
        assertThatThrownBy(() -> Asked.of(file).scan())
                .isInstanceOf(CohortException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void refusesWhatIsNotText() throws IOException {
        Path file = Files.write(directory.resolve("x.csv"), new byte[] {0, 1, 2, 3, 10, 4});
        assertThatThrownBy(() -> Asked.of(file).open())
                .isInstanceOf(CohortException.class)
                .hasMessage("x.csv is not a CSV text file; expected a header line with column names");
    }

    @Test
    void refusesATruncatedGzip() throws IOException {
        Path whole = directory.resolve("whole.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(whole))) {
            out.write(TIDY.repeat(50).getBytes(StandardCharsets.UTF_8));
        }
        byte[] bytes = Files.readAllBytes(whole);
        Path cut = Files.write(directory.resolve("cut.csv.gz"), java.util.Arrays.copyOf(bytes, bytes.length - 20));
        assertThatThrownBy(() -> Asked.of(cut).open())
                .isInstanceOf(CohortException.class)
                .hasMessageContaining("cut.csv.gz is truncated or damaged");
    }

    @Test
    void refusesOtherNamesAndMissingFiles() {
        assertThatThrownBy(() -> Asked.of(directory.resolve("x.parquet")).open())
                .isInstanceOf(CohortException.class)
                .hasMessageContaining("expected a name that ends in .h5ad, .csv or .csv.gz");
        assertThatThrownBy(() -> Asked.of(directory.resolve("x.csv")).open())
                .isInstanceOf(CohortException.class)
                .hasMessageContaining("no file ");
    }
}
