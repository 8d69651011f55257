package io.gmil.cohort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Real files of every dialect, which are not part of the repository: {@code ../shared} beside it, or the folder that the
 * system property or environment variable GMIL_SHARED names. Expected values were read with h5py.
 */
class RealFilesTest {

    private static final Path SHARED =
            Path.of(System.getProperty("GMIL_SHARED", System.getenv().getOrDefault("GMIL_SHARED", "../../../shared")));

    @BeforeAll
    static void needsTheFiles() {
        assumeThat(SHARED.resolve("data"))
                .as("real data files, see GMIL_SHARED; without them nothing here is tested")
                .isDirectory();
    }

    private static Asked h5ad(String name, String embedding, String sample) {
        return Asked.of(SHARED.resolve("data/h5ad/" + name + ".h5ad"))
                .embedding(embedding)
                .sample(sample);
    }

    /** File, embedding, sample column; number of samples, first sample, its cells; last value of the last cell. */
    @ParameterizedTest
    @CsvSource({
        "anndata_archive_v0.5.0, X, bulk_labels, 10, CD14+ Monocyte, 129, -0.49",
        "anndata_archive_v0.5.0, obsm/X_pca, louvain, 11, 1, 123, 0.64597267",
        "anndata_archive_v0.7.8, obsm/array, uint8, 27, 73, 2, 0.28180624",
        "scanpy_pbmc68k_reduced_d53464, obsm/X_pca, phase, 3, G1, 501, 0.64597267",
        "rapids_dummy, obsm/spatial, cluster, , , , 170",
        "anndataR_example, obsm/X_umap, leiden, 6, 0, 13, ",
        "anndataR_krumsiek11_augmented_sparse_v0-8, obsm/dense, dummy_bool, 2, False, 1, ",
        "cellxgene_nan, obsm/X_pca, louvain, 7, CD4 T cells, 43, ",
    })
    void readsTheDialect(
            String name, String embedding, String sample, Integer samples, String first, Integer cells, Float last)
            throws IOException {
        Scanned scanned = h5ad(name, embedding, sample).scan();
        if (samples != null) {
            assertThat(scanned.samples()).hasSize(samples);
            assertThat(scanned.samples().get(0).id()).isEqualTo(first);
            assertThat(scanned.samples().get(0).cells()).isEqualTo(cells);
        }
        if (last != null) {
            List<Float> values = scanned.cells().get(scanned.cells().size() - 1).values();
            assertThat(values.get(values.size() - 1)).isEqualTo(last);
        }
    }

    /** Every file there is opens, or is refused in one line, whatever is asked of it. */
    @Test
    void everyFileIsReadOrRefused(@TempDir Path directory) throws IOException {
        int read = 0;
        for (String folder : List.of("data/h5ad", "data/malformed")) {
            try (Stream<Path> files = Files.list(SHARED.resolve(folder))) {
                for (Path file : files.sorted().toList()) {
                    Path named = Files.copy(file, directory.resolve(file.getFileName() + ".h5ad"));
                    for (String embedding : List.of("X", "obsm/X_pca", "obsm/sparse_csr", "obsm/df")) {
                        for (String sample : List.of("louvain", "leiden", "cell_type")) {
                            read += readOrRefused(
                                    Asked.of(named).embedding(embedding).sample(sample));
                        }
                    }
                }
            }
        }
        assertThat(read).isEqualTo(21);
    }

    private static int readOrRefused(Asked asked) throws IOException {
        try {
            return asked.scan().cells().isEmpty() ? 0 : 1;
        } catch (CohortException e) {
            assertThat(e.getMessage()).doesNotContain("\n").isNotBlank();
            return 0;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "h5ad/cellxgene_nan.h5ad                     | X is NaN in cell row 0 (from 0), column 5",
                "h5ad/anndata_archive_v0.11.4.h5ad           | no embedding X in",
                "h5ad/simba_rna_preprocessed.h5ad            | is a sparse matrix (csr_matrix)",
                "malformed/odd_LocalSingleCell_pbmc3k_processed.h5ad | is truncated: expected 24653425 bytes",
                "malformed/odd_jsfive_test.h5                | is HDF5 but not AnnData: expected a table 'obs'",
                "malformed/odd_10x_v3_filtered_feature_bc_matrix.h5 | there are: matrix",
                "malformed/mudata_v0.1.2.h5mu                | no embedding X in",
                "malformed/scanpy_pbmc68k_reduced.zarr.zip   | is not a complete HDF5 file",
            })
    void saysWhy(String name, String message, @TempDir Path directory) throws IOException {
        Path file = SHARED.resolve("data").resolve(name);
        Path named = Files.copy(file, directory.resolve(file.getFileName() + ".h5ad"));
        assertThatThrownBy(() -> Asked.of(named).sample("louvain").scan())
                .isInstanceOf(CohortException.class)
                .hasMessageContaining(message.replace("X is NaN", "X of cellxgene_nan.h5ad.h5ad is NaN"));
    }

    @Test
    void kidneyIsTheSameInBothFormats() throws IOException {
        Path folder = SHARED.resolve("data/cohorts");
        Scanned h5ad = Asked.of(folder.resolve("kidney_dev.h5ad"))
                .sample("sampleID")
                .label("status")
                .positive(">60")
                .covariates("Age", "sex")
                .scan();
        Scanned csv = Asked.of(folder.resolve("kidney_dev.csv.gz"))
                .label("status")
                .positive(">60")
                .covariates("age", "sex")
                .scan();
        assertThat(h5ad.samples()).hasSize(476);
        assertThat(h5ad.cells()).hasSize(17_679);
        assertThat(h5ad.samples().stream().filter(s -> s.label().orElseThrow() == 1))
                .hasSize(300);
        assertThat(h5ad.samples().get(0).covariates()).containsExactly(68.246406571, 1);
        assertThat(h5ad.cells().get(0).values()).startsWith(29839.25f, 170.45f);
        assertThat(csv.samples())
                .extracting(Sample::id)
                .isEqualTo(h5ad.samples().stream().map(Sample::id).toList());
        assertThat(csv.samples())
                .extracting(Sample::label)
                .isEqualTo(h5ad.samples().stream().map(Sample::label).toList());
        assertThat(csv.cells().get(17_678).values())
                .usingElementComparator((a, b) -> Math.abs(a - b) <= 1e-6 * Math.abs(b) ? 0 : 1)
                .isEqualTo(h5ad.cells().get(17_678).values());
    }

    @ParameterizedTest
    @CsvSource({"musk1, 92, 476, 166", "elephant, 200, 1391, 230", "birds_brcr, 548, 10232, 38"})
    void benchmarks(String name, int bags, int cells, int width) throws IOException {
        Scanned scanned =
                Asked.of(SHARED.resolve("data/cohorts/" + name + ".csv.gz")).scan();
        assertThat(scanned.samples()).hasSize(bags);
        assertThat(scanned.cells()).hasSize(cells);
        assertThat(scanned.cells().get(cells - 1).values()).hasSize(width);
    }

    @Test
    void simulationOfTheAuthors() throws IOException {
        Path folder = SHARED.resolve("reference/simulation/seed42");
        Scanned scanned = Asked.of(folder.resolve("data.h5ad"))
                .embedding("obsm/X_emb")
                .labels(folder.resolve("patients.csv"))
                .label("Y")
                .binomial(2)
                .split("split", "train")
                .truth("u_true", "w_true")
                .scan();
        assertThat(scanned.samples().stream().filter(Sample::training)).hasSize(1000);
        assertThat(scanned.samples().get(0).trueEffect()).hasValue(0.668968797);
        assertThat(scanned.samples().get(0).label()).hasValue(1);
        assertThat(scanned.cells()).hasSize(60_000);
        assertThat(scanned.cells().get(0).weight()).isCloseTo(0.01922354, org.assertj.core.api.Assertions.within(1e-8));
        Scanned.Cell last = scanned.cells().get(59_999);
        assertThat(last.values()).endsWith(-0.26219216f, -0.07284999f);
        assertThat(last.id()).isEqualTo("cell059999");
        assertThat(last.row()).isEqualTo(49);
    }

    @Test
    void realCellsWithTypes() throws IOException {
        Scanned scanned = Asked.of(SHARED.resolve("data/cohorts/covid6.h5ad"))
                .label("condition")
                .positive("Severe")
                .cellType("cell_type")
                .scan();
        assertThat(scanned.samples()).hasSize(6);
        Scanned.Cell last = scanned.cells().get(4920);
        assertThat(last.type()).isEqualTo("CD4");
        assertThat(last.id()).isEqualTo("BGCV14_CCTTACGTCGGTCTAA-1");
        assertThat(last.values().get(49)).isEqualTo(0.7157422f);
    }
}
