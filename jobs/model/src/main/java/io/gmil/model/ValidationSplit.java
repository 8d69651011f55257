package io.gmil.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Bags to learn from, and bags that say when to stop. All bags of a patient are in the same part: else the network would stop
 * late, when it has learnt to tell patients apart.
 */
record ValidationSplit(List<LabelledBag> training, List<LabelledBag> validation) {

    /**
     * Every (1/share)-th patient of a shuffled order sorted by label is for validation, so that both parts have each label.
     *
     * @param patients of the bags, in their order
     */
    static ValidationSplit of(List<LabelledBag> bags, List<String> patients, double share, Random random) {
        Map<String, List<LabelledBag>> byPatient = new LinkedHashMap<>();
        for (int i = 0; i < bags.size(); i++) {
            byPatient.computeIfAbsent(patients.get(i), any -> new ArrayList<>()).add(bags.get(i));
        }
        if (byPatient.size() < GatedAttention.FEWEST_PATIENTS) {
            throw new IllegalArgumentException("gated attention: expected bags of at least "
                    + GatedAttention.FEWEST_PATIENTS + " patients, got " + byPatient.size());
        }
        List<List<LabelledBag>> order = new ArrayList<>(byPatient.values());
        Collections.shuffle(order, random);
        order.sort(Comparator.comparingDouble(ValidationSplit::highest));
        ValidationSplit split = new ValidationSplit(new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < order.size(); i++) {
            boolean last = i == order.size() - 1;
            boolean validates = (int) ((i + 1) * share) > (int) (i * share) || last && split.validation.isEmpty();
            (validates ? split.validation : split.training).addAll(order.get(i));
        }
        return split;
    }

    /** Label of a patient: the highest of its bags, a count as its share of the trials. */
    private static double highest(List<LabelledBag> bags) {
        return bags.stream().mapToDouble(bag -> bag.y() / bag.trials()).max().orElseThrow();
    }
}
