package io.gmil.cohort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;

/**
 * Columns that an exported cohort has besides its features, found by one pass over it. That pass also refuses a cohort with
 * damaged cells before anything is written.
 *
 * @param samples samples in their order
 * @param classes class names of a categorical label, else empty
 * @param covariates their names
 * @param patients whether a patient is named anywhere
 * @param groups whether a group is named anywhere
 * @param effects whether a known bag effect is anywhere
 * @param weights whether known attention weights are there
 * @param longestId bytes (UTF-8) of the longest cell id; 0 where cells have none
 * @param cellTypes types of the cells, sorted; empty where there are none
 * @param further numbers of every cell
 */
record ExportColumns(
        List<Sample> samples,
        List<String> classes,
        List<String> covariates,
        boolean patients,
        boolean groups,
        boolean effects,
        boolean weights,
        int longestId,
        List<String> cellTypes,
        List<CellColumn> further) {

    static final String PATIENT = "patient";
    static final String LABEL = "label";
    static final String SPLIT = "split";
    static final String GROUP = "batch";
    static final String EFFECT = "u_true";
    static final String WEIGHT = "w_true";
    static final String CELL_TYPE = "cell_type";
    static final List<String> SIDES = List.of("test", "train");

    private static final Set<String> RESERVED = Set.of(
            "bag_id",
            "sample_id",
            CsvCohort.CELL_ID,
            PATIENT,
            LABEL,
            SPLIT,
            GROUP,
            EFFECT,
            WEIGHT,
            CELL_TYPE,
            "_index");

    static ExportColumns of(Cohort cohort) throws IOException {
        for (String name : cohort.covariates()) {
            if (RESERVED.contains(name) || name.matches("f\\d+") || name.contains("/")) {
                throw new CohortException("cannot write covariate '" + name
                        + "': that is the name of another column, or not one a file can have");
            }
        }
        List<Sample> samples = cohort.samples();
        int outcomes = samples.get(0).labels().size();
        if (outcomes > 1) {
            throw new CohortException("cannot write a cohort with " + outcomes + " labels; expected one");
        }
        int[] longestId = new int[1];
        Set<String> types = new TreeSet<>();
        cohort.scan(run -> {
            for (int r = 0; r < run.rows(); r++) {
                if (run.cellIds() != null) {
                    longestId[0] = Math.max(longestId[0], bytes(run.cellIds()[r]));
                }
                if (run.cellTypes() != null && run.cellTypes()[r] != null) {
                    types.add(run.cellTypes()[r]);
                }
            }
        });
        return new ExportColumns(
                samples,
                outcomes == 0 ? List.of() : cohort.classes(),
                cohort.covariates(),
                samples.stream().anyMatch(sample -> !sample.patientId().equals(sample.id())),
                samples.stream().anyMatch(sample -> sample.group().isPresent()),
                samples.stream().anyMatch(sample -> sample.trueEffect().isPresent()),
                cohort.hasTrueWeights(),
                longestId[0],
                List.copyOf(types),
                cohort.furtherColumns());
    }

    private static int bytes(String text) {
        return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
    }

    boolean hasIds() {
        return longestId > 0;
    }

    boolean hasTypes() {
        return !cellTypes.isEmpty();
    }

    /** Position of the sample's side in {@link #SIDES}. */
    static int side(Sample sample) {
        return sample.training() ? 1 : 0;
    }

    /** Per-sample values as text, in the order patient, label, split, batch, u_true; those not known anywhere are left out. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        addIf(names, patients, PATIENT);
        names.add(LABEL);
        names.add(SPLIT);
        addIf(names, groups, GROUP);
        addIf(names, effects, EFFECT);
        return names;
    }

    /** Values of one sample in the order of {@link #names()}; an unknown one is empty. */
    List<String> values(Sample sample) {
        List<String> values = new ArrayList<>();
        addIf(values, patients, sample.patientId());
        values.add(label(sample));
        values.add(SIDES.get(side(sample)));
        addIf(values, groups, sample.group().orElse(""));
        addIf(values, effects, text(sample.trueEffect()));
        return values;
    }

    /** The label as text: the name of its class, a number, or empty where unknown. */
    String label(Sample sample) {
        boolean named = !classes.isEmpty() && sample.label().isPresent();
        return named ? classes.get((int) sample.label().getAsDouble()) : text(sample.label());
    }

    private static String text(OptionalDouble value) {
        return value.isEmpty() ? "" : text(value.getAsDouble());
    }

    /** The shortest text that reads back as the same number. */
    static String text(double value) {
        boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
        return whole ? Long.toString((long) value) : Double.toString(value);
    }

    private static void addIf(List<String> list, boolean there, String text) {
        if (there) {
            list.add(text);
        }
    }
}
