package io.gmil.cohort;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The samples of a cohort with everything but their cells.
 *
 * @param samples in the order of their first cell
 * @param classes names of the classes of each outcome; empty for one that is not categorical
 * @param groups levels of the random intercept, sorted
 * @param codes the two values of each text covariate, in the order of their number
 */
record SampleTable(
        List<Sample> samples, List<List<String>> classes, List<String> groups, Map<String, List<String>> codes) {

    /** Builds the samples once all cells have been counted. */
    static SampleTable of(CohortOptions options, SampleColumns columns, SampleIndex index) {
        columns.checkMatches(index);
        List<String> ids = index.ids();
        OutcomeLabels labels = OutcomeLabels.read(options, columns, index);
        String[] patients = patients(options, columns, index);
        boolean[] training = Sides.training(options, columns, index, patients, labels);
        labels.requireLearntClasses(training);
        KnownEffects effects = KnownEffects.read(options, columns, index, labels);
        boolean[] complete = new boolean[ids.size()];
        for (int s = 0; s < complete.length; s++) {
            // Others are neither learnt nor judged, and not predicted where labels are read.
            complete[s] = options.outcomes().isEmpty()
                    || labels.known(s)
                    || effects.of(s).isPresent();
        }
        Map<String, List<String>> codes = options.codes().orElseGet(() -> codes(options, columns, index, complete));
        double[][] covariates = covariates(options, columns, index, codes, complete);
        Optional<SampleColumn> groups = options.group().map(name -> columns.column(name, index));
        List<Sample> samples = new ArrayList<>(ids.size());
        for (int s = 0; s < ids.size(); s++) {
            int sample = s;
            samples.add(new Sample(
                    ids.get(s),
                    patients[s],
                    index.cells(s),
                    labels.of(s),
                    covariates[s],
                    groups.flatMap(column -> Optional.ofNullable(column.values()[sample])),
                    training[s] && labels.known(s),
                    effects.of(s),
                    effects.ofClasses(s)));
        }
        List<String> levels =
                groups.map(SampleColumn::distinct).map(List::copyOf).orElse(List.of());
        return new SampleTable(List.copyOf(samples), labels.classes(), levels, codes);
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

    private static Map<String, List<String>> codes(
            CohortOptions options, SampleColumns columns, SampleIndex index, boolean[] complete) {
        Map<String, List<String>> codes = new LinkedHashMap<>();
        for (String name : options.covariates()) {
            SampleColumn column = columns.column(name, index);
            column.requireComplete(index.ids(), "covariate", complete);
            List<String> ofColumn = codes(column);
            if (!ofColumn.isEmpty()) {
                codes.put(name, ofColumn);
            }
        }
        return codes;
    }

    private static double[][] covariates(
            CohortOptions options,
            SampleColumns columns,
            SampleIndex index,
            Map<String, List<String>> codes,
            boolean[] complete) {
        List<String> names = options.covariates();
        double[][] rows = new double[index.ids().size()][names.size()];
        for (int k = 0; k < names.size(); k++) {
            SampleColumn column = columns.column(names.get(k), index);
            column.requireComplete(index.ids(), "covariate", complete);
            List<String> ofColumn = codes.getOrDefault(names.get(k), List.of());
            for (int s = 0; s < rows.length; s++) {
                rows[s][k] = covariate(column, s, index.ids().get(s), ofColumn);
            }
        }
        return rows;
    }

    private static double covariate(SampleColumn column, int sample, String id, List<String> codes) {
        String text = column.values()[sample];
        if (text == null) {
            return Double.NaN;
        }
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
}
