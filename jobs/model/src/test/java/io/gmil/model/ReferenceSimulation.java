package io.gmil.model;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.jhdf.HdfFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** One simulated cohort and what the authors' model made of it, see simulation/README.md beside the files. */
final class ReferenceSimulation {
    static final int CELLS = 50;
    static final int WIDTH = 30;
    static final int TRAINING_BAGS = 1000;

    /** The authors' arrays, by name. */
    final Map<String, double[]> arrays;

    final List<ReferenceBag> training;
    final List<ReferenceBag> test;

    /** The true u of the test bags. */
    final double[] trueEffects;

    ReferenceSimulation(Path folder) throws IOException {
        this.arrays = arrays(folder.resolve("official_full.npz"));
        float[][] cells;
        try (HdfFile file = new HdfFile(folder.resolve("data.h5ad"))) {
            cells = (float[][]) file.getDatasetByPath("obsm/X_emb").getData();
        }
        List<ReferenceBag> bags = new ArrayList<>();
        List<Double> effects = new ArrayList<>();
        List<String> patients = Files.readAllLines(folder.resolve("patients.csv"), UTF_8);
        for (String patient : patients.subList(1, patients.size())) { // sample_id,split,row,Y,F0,u_true,n_instances
            String[] fields = patient.split(",", -1);
            bags.add(bag(cells, bags.size(), Double.parseDouble(fields[3])));
            effects.add(Double.parseDouble(fields[5]));
        }
        this.training = bags.subList(0, TRAINING_BAGS);
        this.test = bags.subList(TRAINING_BAGS, bags.size());
        this.trueEffects = effects.subList(TRAINING_BAGS, bags.size()).stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
    }

    private static ReferenceBag bag(float[][] cells, int index, double y) {
        double[] values = new double[CELLS * WIDTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = cells[index * CELLS + i / WIDTH][i % WIDTH];
        }
        return new ReferenceBag(values, CELLS, new double[] {1}, new double[] {y});
    }

    /** The float32 arrays of an npz file. */
    private static Map<String, double[]> arrays(Path npz) throws IOException {
        Map<String, double[]> arrays = new HashMap<>();
        try (InputStream in = Files.newInputStream(npz);
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                arrays.put(entry.getName().replace(".npy", ""), floats(zip.readAllBytes()));
            }
        }
        return arrays;
    }

    /** npy version 1: magic and version (8 bytes), length of the header (2), header, values. */
    private static double[] floats(byte[] npy) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN);
        int header = bytes.getShort(8);
        String description = new String(npy, 10, header, US_ASCII);
        if (!description.contains("'<f4'") || !description.contains("'fortran_order': False")) {
            throw new IOException("npy: expected float32 in C order, got " + description);
        }
        bytes.position(10 + header);
        double[] values = new double[bytes.remaining() / Float.BYTES];
        for (int i = 0; i < values.length; i++) {
            values[i] = bytes.getFloat();
        }
        return values;
    }

    /** The authors' parameters. */
    ReferenceParameters parameters() {
        return new ReferenceParameters(
                WIDTH,
                1,
                1,
                2 * WIDTH,
                arrays.get("param.alpha"),
                arrays.get("param.log_sigma_u"),
                arrays.get("param.log_sigma_z"),
                arrays.get("param.posterior.mu"),
                arrays.get("param.posterior.cov_factor"),
                arrays.get("param.posterior.cov_logdiag"));
    }
}
