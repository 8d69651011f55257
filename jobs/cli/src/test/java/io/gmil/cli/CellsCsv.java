package io.gmil.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Writes a small cohort with a numeric and a text covariate, of which parts can be written to files of their own. */
final class CellsCsv {

    static final String COVARIATES = "--covariates age,sex";
    private static final int CELLS = 7;
    private static final int WIDTH = 3;

    private CellsCsv() {}

    private static List<String> rows(int sample) {
        Random random = new Random(sample);
        String sex = sample % 2 == 0 ? "F" : "M";
        String ofSample = "s" + sample + "," + random.nextInt(2) + "," + (20 + sample) + "," + sex;
        List<String> rows = new ArrayList<>();
        for (int cell = 0; cell < CELLS; cell++) {
            StringBuilder row = new StringBuilder(ofSample).append(",cell").append(cell);
            for (int q = 0; q < WIDTH; q++) {
                row.append(',').append((float) random.nextGaussian());
            }
            rows.add(row.toString());
        }
        return rows;
    }

    private static Path write(Path file, List<String> rows) throws IOException {
        List<String> lines = new ArrayList<>(List.of("bag_id,label,age,sex,cell_id,f0,f1,f2"));
        lines.addAll(rows);
        return Files.write(file, lines);
    }

    /** These samples, one after another. */
    static Path samples(Path file, int... samples) throws IOException {
        return write(
                file,
                IntStream.of(samples)
                        .mapToObj(CellsCsv::rows)
                        .flatMap(List::stream)
                        .toList());
    }

    /** Samples 0 to n - 1. */
    static Path first(Path file, int n) throws IOException {
        return samples(file, IntStream.range(0, n).toArray());
    }

    /** The same with the cells of all samples mixed; those of one sample keep their order. */
    static Path mixed(Path file, int n) throws IOException {
        List<String> rows = new ArrayList<>();
        for (int cell = 0; cell < CELLS; cell++) {
            List<Integer> order = new ArrayList<>(IntStream.range(0, n).boxed().toList());
            if (cell > 0) {
                Collections.shuffle(order, new Random(cell));
            }
            for (int sample : order) {
                rows.add(rows(sample).get(cell));
            }
        }
        return write(file, rows);
    }

    /** Replaces a text of a file. */
    static Path edit(Path file, String from, String to) throws IOException {
        return Files.writeString(file, Files.readString(file).replace(from, to));
    }
}
