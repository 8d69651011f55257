package io.gmil.cohort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.DatasetCreationOptions;
import io.jhdf.api.WritableGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H5adCohortTest {

    private static final int CELLS = 10;

    @TempDir
    Path directory;

    /** Ten cells c0…c9 of samples a (0–3), b (4–5) and a again, with whatever else the test puts into the file. */
    private Path write(Consumer<WritableHdfFile> more) {
        Path file = directory.resolve("x.h5ad");
        try (WritableHdfFile hdf = HdfFile.write(file)) {
            WritableGroup obs = hdf.putGroup("obs");
            obs.putAttribute("_index", "barcode");
            obs.putDataset("barcode", texts(i -> "c" + i));
            obs.putDataset("sample_id", texts(i -> i == 4 || i == 5 ? "b" : "a"));
            more.accept(hdf);
        }
        return file;
    }

    private static String[] texts(java.util.function.IntFunction<String> of) {
        return IntStream.range(0, CELLS).mapToObj(of).toArray(String[]::new);
    }

    private static float[][] matrix(int rows, int width) {
        float[][] x = new float[rows][width];
        for (int i = 0; i < rows; i++) {
            for (int q = 0; q < width; q++) {
                x[i][q] = i + q / 100f;
            }
        }
        return x;
    }

    private static WritableGroup obs(WritableHdfFile hdf) {
        return (WritableGroup) hdf.getChild("obs");
    }

    private static void refused(Asked asked, String... parts) {
        assertThatThrownBy(asked::scan)
                .isInstanceOf(CohortException.class)
                .hasMessageContainingAll(parts)
                .hasMessageNotContaining("\n");
    }

    @Test
    void readsRunsInTheOrderOfTheFile() throws IOException {
        Scanned scanned =
                Asked.of(write(hdf -> hdf.putDataset("X", matrix(CELLS, 3)))).scan();
        assertThat(scanned.samples()).extracting(Sample::id).containsExactly("a", "b");
        assertThat(scanned.samples()).extracting(Sample::cells).containsExactly(8, 2);
        assertThat(scanned.cells()).extracting(Scanned.Cell::id).containsExactly(texts(i -> "c" + i));
        assertThat(scanned.cells()).extracting(Scanned.Cell::row).containsExactly(0, 1, 2, 3, 0, 1, 4, 5, 6, 7);
        assertThat(scanned.cells().get(7).values()).containsExactly(7f, 7.01f, 7.02f);
    }

    @Test
    void readsChunksThatDoNotDivideTheMatrix() throws IOException {
        DatasetCreationOptions options = DatasetCreationOptions.builder()
                .chunkDimensions(3, 2)
                .shuffle()
                .deflate(4)
                .build();
        Scanned chunked = Asked.of(write(hdf -> hdf.putDataset("X", matrix(CELLS, 5), options)))
                .scan();
        for (int i = 0; i < CELLS; i++) {
            assertThat(chunked.cells().get(i).values())
                    .containsExactly(i + 0f, i + 0.01f, i + 0.02f, i + 0.03f, i + 0.04f);
        }
    }

    @Test
    void readsOtherNumbers() throws IOException {
        Path file = write(hdf -> {
            WritableGroup obsm = hdf.putGroup("obsm");
            obsm.putDataset("f8", new double[CELLS][1]);
            obsm.putDataset(
                    "i8",
                    IntStream.range(0, CELLS).mapToObj(i -> new long[] {-i}).toArray(long[][]::new));
            obsm.putDataset(
                    "i1",
                    IntStream.range(0, CELLS)
                            .mapToObj(i -> new byte[] {(byte) -i})
                            .toArray(byte[][]::new));
            WritableGroup frame = obsm.putGroup("frame");
            frame.putAttribute("column-order", new String[] {"second", "first"});
            frame.putDataset(
                    "first", IntStream.range(0, CELLS).mapToDouble(i -> i).toArray());
            frame.putDataset(
                    "second", IntStream.range(0, CELLS).map(i -> 10 * i).toArray());
        });
        for (String name : List.of("i8", "i1")) {
            assertThat(Asked.of(file)
                            .embedding("obsm/" + name)
                            .scan()
                            .cells()
                            .get(3)
                            .values())
                    .containsExactly(-3f);
        }
        assertThat(Asked.of(file).embedding("obsm/f8").scan().cells()).hasSize(CELLS);
        assertThat(Asked.of(file).embedding("obsm/frame").scan().cells().get(3).values())
                .containsExactly(30f, 3f);
    }

    @Test
    void readsEveryKindOfColumn() throws IOException {
        Path file = write(hdf -> {
            hdf.putDataset("X", matrix(CELLS, 2));
            WritableGroup obs = obs(hdf);
            WritableGroup type = obs.putGroup("type");
            type.putDataset("categories", new String[] {"B", "T"});
            type.putDataset("codes", new byte[] {0, 1, -1, 0, 0, 0, 0, 0, 0, 0});
            obs.putGroup("__categories").putDataset("old", new String[] {"no", "yes"});
            obs.putDataset("old", new int[] {1, 1, 1, 1, 0, 0, 1, 1, 1, 1});
            WritableGroup nullable = obs.putGroup("age");
            nullable.putDataset("values", new long[] {7, 7, 7, 7, 9, 9, 7, 7, 7, 7});
            nullable.putDataset("mask", new byte[] {0, 0, 0, 0, 1, 1, 0, 0, 0, 0});
            obs.putDataset(
                    "w", IntStream.range(0, CELLS).mapToDouble(i -> i / 8.0).toArray());
        });
        Scanned scanned = Asked.of(file)
                .label("old")
                .positive("yes")
                .cellType("type")
                .truth("age", "w")
                .scan();
        assertThat(scanned.samples()).extracting(s -> s.label().orElseThrow()).containsExactly(1.0, 0.0);
        assertThat(scanned.samples().get(0).trueEffect()).hasValue(7);
        assertThat(scanned.samples().get(1).trueEffect()).isEmpty();
        assertThat(scanned.cells()).extracting(Scanned.Cell::type).startsWith("B", "T", null, "B");
        assertThat(scanned.cells()).extracting(Scanned.Cell::weight).startsWith(0.0, 0.125, 0.25);
    }

    @Test
    void namesWhatIsThere() {
        Path file = write(hdf -> {
            hdf.putDataset("X", matrix(CELLS, 2));
            WritableGroup sparse = hdf.putGroup("obsm").putGroup("X_sparse");
            sparse.putAttribute("encoding-type", "csr_matrix");
            sparse.putDataset("indptr", new int[] {0});
            obs(hdf).putDataset("label", new int[CELLS]);
        });
        refused(Asked.of(file).embedding("obsm/X_foo"), "no embedding obsm/X_foo in x.h5ad; there are: X");
        refused(
                Asked.of(file).embedding("obsm/X_sparse"),
                "obsm/X_sparse of x.h5ad is a sparse matrix (csr_matrix); expected a dense one; there are: X");
        refused(Asked.of(file).label("lable"), "no column 'lable' in obs of x.h5ad; there are: label, sample_id");
        refused(Asked.of(file).sample("sample"), "no column 'sample' in obs of x.h5ad");
        refused(Asked.of(file).cellType("t"), "no column 't' in obs of x.h5ad");
        refused(Asked.of(file).truth(null, "w"), "no column 'w' in obs of x.h5ad");
    }

    @Test
    void namesTheCellThatIsBad() {
        float[][] x = matrix(CELLS, 3);
        x[5][2] = Float.NaN;
        refused(
                Asked.of(write(hdf -> hdf.putDataset("X", x))),
                "embedding X of x.h5ad is NaN in cell row 5 (from 0), column 2, sample 'b'; expected a finite float");
        double[][] large = new double[CELLS][1];
        large[9][0] = 1e300;
        refused(Asked.of(write(hdf -> hdf.putDataset("X", large))), "is Infinity in cell row 9 (from 0), column 0");
    }

    @Test
    void namesTheSampleWithTwoValues() {
        Path file = write(hdf -> {
            hdf.putDataset("X", matrix(CELLS, 1));
            obs(hdf).putDataset("label", new int[] {1, 1, 1, 1, 0, 0, 1, 1, 1, 0});
        });
        refused(Asked.of(file), "column 'label' of obs of x.h5ad has two values in sample 'a': '1' and '0'");
    }

    @Test
    void namesTheCellWithoutASample() {
        Path file = write(hdf -> {
            hdf.putDataset("X", matrix(CELLS, 1));
            WritableGroup donor = obs(hdf).putGroup("donor");
            donor.putDataset("categories", new String[] {"p"});
            donor.putDataset("codes", new byte[] {0, 0, 0, -1, 0, 0, 0, 0, 0, 0});
        });
        refused(
                Asked.of(file).sample("donor"),
                "cell row 3 (from 0) of obs of x.h5ad names no sample in column 'donor'");
    }

    @Test
    void refusesLengthsThatDisagree() {
        refused(
                Asked.of(write(hdf -> hdf.putDataset("X", matrix(CELLS - 1, 2)))),
                "embedding X of x.h5ad has 9 rows; expected one for each of 10 cells");
        Path file = write(hdf -> {
            hdf.putDataset("X", matrix(CELLS, 1));
            obs(hdf).putDataset("label", new int[3]);
        });
        refused(Asked.of(file), "/obs/label of x.h5ad has 3 values; expected one for each of 10 cells");
    }

    @Test
    void refusesForeignAndTruncatedFiles() throws IOException {
        Path whole = write(hdf -> hdf.putDataset("X", matrix(CELLS, 400)));
        byte[] bytes = Files.readAllBytes(whole);
        Path cut = Files.write(directory.resolve("cut.h5ad"), Arrays.copyOf(bytes, bytes.length - 100));
        refused(
                Asked.of(cut),
                "cut.h5ad is truncated: expected " + bytes.length + " bytes by its header, got "
                        + (bytes.length - 100));
        Path zip = Files.writeString(directory.resolve("zip.h5ad"), "PK and so on");
        refused(Asked.of(zip), "zip.h5ad is not a complete HDF5 file", "expected AnnData");
        Path other = directory.resolve("other.h5ad");
        try (WritableHdfFile hdf = HdfFile.write(other)) {
            hdf.putDataset("matrix", new int[3]);
        }
        refused(Asked.of(other), "other.h5ad is HDF5 but not AnnData: expected a table 'obs', there are: matrix");
    }

    /** Whatever bytes are damaged: the file is read, or refused in one line. */
    @Test
    void damagedBytesAreNeverMoreThanAnError() throws IOException {
        DatasetCreationOptions options = DatasetCreationOptions.builder()
                .chunkDimensions(3, 2)
                .deflate(4)
                .build();
        Path whole = write(hdf -> {
            hdf.putDataset("X", matrix(CELLS, 5), options);
            obs(hdf).putDataset("label", new int[CELLS]);
        });
        byte[] bytes = Files.readAllBytes(whole);
        SplittableRandom random = new SplittableRandom(1);
        int refused = 0;
        for (int trial = 0; trial < 150; trial++) {
            byte[] damaged = bytes.clone();
            for (int k = 0; k < 1 + trial % 3; k++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            Files.write(whole, damaged);
            try {
                Asked.of(whole).scan();
            } catch (CohortException e) {
                assertThat(e.getMessage()).doesNotContain("\n").isNotBlank();
                refused++;
            }
        }
        assertThat(refused).isBetween(50, 149);
    }
}
