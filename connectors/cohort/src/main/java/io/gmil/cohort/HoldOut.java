package io.gmil.cohort;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Draws the patients that are held out, so that each label has its share among them and no patient is on both sides. The
 * draw depends on the seed, the patients and their labels, not on the order of the file.
 */
final class HoldOut {

    private static final int NORMAL_STRATA = 4;

    private HoldOut() {}

    /**
     * The patients held out; those without any label are not drawn.
     *
     * @param patients patient of each sample
     * @param labels label of each sample
     * @param continuous whether labels are numbers rather than a few values; then quarters of their range are the strata
     * @param fraction share of the labelled patients, in (0, 1)
     */
    static Set<String> draw(
            String[] patients, OptionalDouble[] labels, boolean continuous, double fraction, long seed) {
        List<List<String>> strata = strata(highestLabels(patients, labels), continuous);
        SplittableRandom random = new SplittableRandom(seed);
        Set<String> held = new HashSet<>();
        int seen = 0;
        for (List<String> stratum : strata) {
            seen += stratum.size();
            // Rounding the running total keeps the overall share right when strata are small.
            int quota = Math.min(stratum.size(), Math.toIntExact(Math.round(fraction * seen)) - held.size());
            shuffle(stratum, random);
            held.addAll(stratum.subList(0, Math.max(0, quota)));
        }
        if (held.isEmpty() || held.size() == seen) {
            throw new CohortException("--test-fraction " + fraction + " of " + seen + " labelled patients holds out "
                    + held.size() + "; expected at least one on either side");
        }
        return held;
    }

    private static Map<String, Double> highestLabels(String[] patients, OptionalDouble[] labels) {
        Map<String, Double> highest = new TreeMap<>();
        for (int s = 0; s < patients.length; s++) {
            if (labels[s].isPresent()) {
                highest.merge(patients[s], labels[s].getAsDouble(), Math::max);
            }
        }
        return highest;
    }

    private static List<List<String>> strata(Map<String, Double> labels, boolean continuous) {
        if (!continuous) {
            Map<Double, List<String>> byLabel = new TreeMap<>();
            labels.forEach((patient, label) ->
                    byLabel.computeIfAbsent(label, x -> new ArrayList<>()).add(patient));
            return List.copyOf(byLabel.values());
        }
        List<String> ordered = new ArrayList<>(labels.keySet());
        ordered.sort((left, right) -> Double.compare(labels.get(left), labels.get(right)));
        List<List<String>> quarters = new ArrayList<>();
        for (int k = 0; k < NORMAL_STRATA; k++) {
            int from = ordered.size() * k / NORMAL_STRATA;
            int to = ordered.size() * (k + 1) / NORMAL_STRATA;
            quarters.add(new ArrayList<>(ordered.subList(from, to)));
        }
        return quarters;
    }

    private static void shuffle(List<String> patients, SplittableRandom random) {
        for (int i = patients.size() - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            String other = patients.set(j, patients.get(i));
            patients.set(i, other);
        }
    }
}
