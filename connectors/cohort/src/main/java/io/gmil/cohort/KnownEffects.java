package io.gmil.cohort;

import io.gmil.cohort.CohortOptions.Outcome;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The bag effects that {@code --true-effect NAME} names: those of the column NAME, or, of a first label with classes and where
 * there is no such column, those of a column NAME_cCLASS for each class, as simulations write them.
 */
final class KnownEffects {

    private final OptionalDouble[] effects;

    /** By class and sample; none where there is one effect, or where nothing is known. */
    private final List<OptionalDouble[]> ofClasses;

    private KnownEffects(OptionalDouble[] effects, List<OptionalDouble[]> ofClasses) {
        this.effects = effects;
        this.ofClasses = ofClasses;
    }

    /** What the names of columns with effects of classes begin with; empty where the option names one column. */
    static Optional<String> prefix(CohortOptions options) {
        boolean classes = !options.outcomes().isEmpty() && options.likelihood() == Outcome.CATEGORICAL;
        return options.trueEffect().filter(name -> classes).map(name -> name + "_c");
    }

    static KnownEffects read(CohortOptions options, SampleColumns columns, SampleIndex index, OutcomeLabels labels) {
        OptionalDouble[] none = new OptionalDouble[index.ids().size()];
        Arrays.fill(none, OptionalDouble.empty());
        if (options.trueEffect().isEmpty()) {
            return new KnownEffects(none, List.of());
        }
        String name = options.trueEffect().get();
        if (columns.has(name)) {
            return new KnownEffects(read(columns.column(name, index), index), List.of());
        }
        String prefix = prefix(options).orElseThrow();
        List<String> classes = labels.classes().get(0);
        for (String each : classes) {
            if (!columns.has(prefix + each)) {
                throw new CohortException("--true-effect '" + name + "': no column '" + prefix + each + "' of class "
                        + NameList.quoted(each) + "; expected one for each of " + NameList.of(classes));
            }
        }
        return new KnownEffects(
                none,
                classes.stream()
                        .map(each -> read(columns.column(prefix + each, index), index))
                        .toList());
    }

    private static OptionalDouble[] read(SampleColumn column, SampleIndex index) {
        OptionalDouble[] effects = new OptionalDouble[index.ids().size()];
        for (int s = 0; s < effects.length; s++) {
            String text = column.values()[s];
            effects[s] = text == null ? OptionalDouble.empty() : SampleColumn.number(text);
            if (text != null && effects[s].isEmpty()) {
                throw new CohortException("--true-effect '" + column.name() + "' of sample "
                        + NameList.quoted(index.ids().get(s)) + " in " + column.place() + " is "
                        + NameList.quoted(text) + "; expected a number");
            }
        }
        return effects;
    }

    OptionalDouble of(int sample) {
        return effects[sample];
    }

    /** Of each class; none where that of some class is unknown. */
    double[] ofClasses(int sample) {
        boolean known = ofClasses.stream().allMatch(effect -> effect[sample].isPresent());
        return IntStream.range(0, known ? ofClasses.size() : 0)
                .mapToDouble(c -> ofClasses.get(c)[sample].getAsDouble())
                .toArray();
    }
}
