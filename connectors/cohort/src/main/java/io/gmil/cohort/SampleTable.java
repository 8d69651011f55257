package io.gmil.cohort;

import io.gmil.cohort.CohortOptions.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;

/**
 * The samples of a cohort with everything but their cells.
 *
 * @param samples in the order of their first cell
 * @param classes names of the classes of a categorical outcome, else empty
 * @param codes the two values of each text covariate, in the order of their number
 */
record SampleTable(List<Sample> samples, List<String> classes, Map<String, List<String>> codes) {

    /** Builds the samples once all cells have been counted. */
    static SampleTable of(CohortOptions options, SampleColumns columns, SampleIndex index) {
        columns.checkMatches(index);
        List<String> ids = index.ids();
        Labels labels = columns.label()
                .map(name -> Labels.read(columns.column(name, index), options, ids))
                .orElseGet(() -> Labels.unknown(ids.size()));
        String[] patients = patients(options, columns, index);
        boolean[] training = training(options, columns, index, patients, labels.values());
        Map<String, List<String>> codes = options.codes().orElseGet(() -> codes(options, columns, index));
        double[][] covariates = covariates(options, columns, index, codes);
        OptionalDouble[] effects = effects(options, columns, index);
        List<Sample> samples = new ArrayList<>(ids.size());
        for (int s = 0; s < ids.size(); s++) {
            OptionalDouble label = labels.values()[s];
            samples.add(new Sample(
                    ids.get(s),
                    patients[s],
                    index.cells(s),
                    label,
                    covariates[s],
                    training[s] && label.isPresent(),
                    effects[s]));
        }
        return new SampleTable(List.copyOf(samples), labels.classes(), codes);
    }

    private static String[] patients(CohortOptions options, SampleColumns columns, SampleIndex index) {
        String[] patients = index.ids().toArray(String[]::new);
        options.patient().ifPresent(name -> {
            String[] named = columns.column(name, index).values();
            for (int s = 0; s < patients.length; s++) {
                patients[s] = named[s] == null ? patients[s] : named[s];
            }
        });
        return patients;
    }

    private static boolean[] training(
            CohortOptions options,
            SampleColumns columns,
            SampleIndex index,
            String[] patients,
            OptionalDouble[] labels) {
        boolean[] training = new boolean[patients.length];
        if (options.split().isPresent()) {
            String[] side = split(options, columns.column(options.split().get(), index), index.ids());
            for (int s = 0; s < training.length; s++) {
                training[s] = side[s].equals(options.train().orElseThrow());
            }
            return training;
        }
        Set<String> held = options.testFraction().isEmpty()
                ? Set.of()
                : HoldOut.draw(
                        patients,
                        labels,
                        options.likelihood() == Outcome.NORMAL,
                        options.testFraction().getAsDouble(),
                        options.seed());
        for (int s = 0; s < training.length; s++) {
            training[s] = !held.contains(patients[s]);
        }
        return training;
    }

    private static String[] split(CohortOptions options, SampleColumn column, List<String> ids) {
        Set<String> there = new TreeSet<>(column.distinct());
        String where = "column '" + column.name() + "' of " + column.place();
        if (options.train().isEmpty()) {
            throw new CohortException("--split needs --train with the value that marks training samples; there are in "
                    + where + ": " + NameList.of(there));
        }
        if (!there.contains(options.train().get())) {
            throw new CohortException("no sample has the --train value "
                    + NameList.quoted(options.train().get()) + " in " + where + "; there are: " + NameList.of(there));
        }
        requireComplete(column, ids, "--split");
        return column.values();
    }

    private static Map<String, List<String>> codes(CohortOptions options, SampleColumns columns, SampleIndex index) {
        Map<String, List<String>> codes = new LinkedHashMap<>();
        for (String name : options.covariates()) {
            SampleColumn column = columns.column(name, index);
            requireComplete(column, index.ids(), "covariate");
            List<String> ofColumn = codes(column);
            if (!ofColumn.isEmpty()) {
                codes.put(name, ofColumn);
            }
        }
        return codes;
    }

    private static double[][] covariates(
            CohortOptions options, SampleColumns columns, SampleIndex index, Map<String, List<String>> codes) {
        List<String> names = options.covariates();
        double[][] rows = new double[index.ids().size()][names.size()];
        for (int k = 0; k < names.size(); k++) {
            SampleColumn column = columns.column(names.get(k), index);
            requireComplete(column, index.ids(), "covariate");
            List<String> ofColumn = codes.getOrDefault(names.get(k), List.of());
            for (int s = 0; s < rows.length; s++) {
                rows[s][k] = covariate(column, s, index.ids().get(s), ofColumn);
            }
        }
        return rows;
    }

    private static double covariate(SampleColumn column, int sample, String id, List<String> codes) {
        String text = column.values()[sample];
        double value = codes.isEmpty() ? SampleColumn.number(text).orElse(Double.NaN) : codes.indexOf(text);
        if (!Double.isFinite(value) || (!codes.isEmpty() && value < 0)) {
            throw new CohortException("covariate '" + column.name() + "' of sample " + NameList.quoted(id) + " in "
                    + column.place() + " is " + NameList.quoted(text) + "; the model expects "
                    + (codes.isEmpty() ? "a finite number" : "one of " + NameList.of(codes)));
        }
        return value;
    }

    /** The two values of a text column in sorted order; empty for a numeric one. */
    private static List<String> codes(SampleColumn column) {
        List<String> distinct = List.copyOf(column.distinct());
        boolean numeric = distinct.stream()
                .allMatch(text -> Double.isFinite(SampleColumn.number(text).orElse(Double.NaN)));
        if (!numeric && distinct.size() != 2) {
            throw new CohortException("covariate '" + column.name() + "' of " + column.place() + " has "
                    + distinct.size() + " values: " + NameList.of(distinct)
                    + "; expected finite numbers or a text with two values");
        }
        return numeric ? List.of() : distinct;
    }

    private static void requireComplete(SampleColumn column, List<String> ids, String what) {
        for (int s = 0; s < ids.size(); s++) {
            if (column.values()[s] == null) {
                throw new CohortException("sample " + NameList.quoted(ids.get(s)) + " has no value of " + what + " '"
                        + column.name() + "' in " + column.place());
            }
        }
    }

    private static OptionalDouble[] effects(CohortOptions options, SampleColumns columns, SampleIndex index) {
        OptionalDouble[] effects = Labels.unknown(index.ids().size()).values();
        options.trueEffect().ifPresent(name -> {
            SampleColumn column = columns.column(name, index);
            for (int s = 0; s < effects.length; s++) {
                String text = column.values()[s];
                effects[s] = text == null ? OptionalDouble.empty() : SampleColumn.number(text);
                if (text != null && effects[s].isEmpty()) {
                    throw new CohortException("--true-effect '" + name + "' of sample "
                            + NameList.quoted(index.ids().get(s)) + " in " + column.place() + " is "
                            + NameList.quoted(text) + "; expected a number");
                }
            }
        });
        return effects;
    }
}
