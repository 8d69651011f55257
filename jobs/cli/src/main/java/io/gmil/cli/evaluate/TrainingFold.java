package io.gmil.cli.evaluate;

import io.gmil.cli.offline.CohortBags;
import io.gmil.model.CovariateScaler;
import io.gmil.model.FeatureMoments;
import io.gmil.model.FeatureScaler;
import io.gmil.model.LabelScale;
import io.gmil.model.LabelledBag;
import io.gmil.model.Likelihood;
import io.gmil.model.ModelSpec;
import io.gmil.model.RandomIntercepts;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a model may learn from in one fold: the training samples, and scalers that have seen nothing else. */
final class TrainingFold {

    private final CohortBags bags;
    private final int[] training;
    private final FeatureScaler features;
    private final CovariateScaler covariates;
    private final List<LabelScale> scales;
    private final RandomIntercepts groups;

    TrainingFold(CohortBags bags, int[] training) {
        this.bags = bags;
        this.training = training;
        FeatureMoments moments = new FeatureMoments(bags.width());
        for (int sample : training) {
            moments.add(bags.values(sample), bags.sample(sample).cells());
        }
        this.features = FeatureScaler.of(moments);
        this.covariates = CovariateScaler.of(Arrays.stream(training)
                .mapToObj(sample -> bags.sample(sample).covariates())
                .toList());
        this.scales = bags.labelScales(training);
        this.groups = RandomIntercepts.none();
    }

    private TrainingFold(TrainingFold of, RandomIntercepts groups) {
        this.bags = of.bags;
        this.training = of.training;
        this.features = of.features;
        this.covariates = of.covariates;
        this.scales = of.scales;
        this.groups = groups;
    }

    /** The same with an intercept for each group that has a training sample; others are as good as unknown. */
    TrainingFold withRandomIntercepts() {
        List<String> levels = Arrays.stream(training)
                .mapToObj(sample -> bags.sample(sample).group())
                .flatMap(Optional::stream)
                .distinct()
                .sorted()
                .toList();
        return new TrainingFold(this, new RandomIntercepts(levels));
    }

    CohortBags bags() {
        return bags;
    }

    FeatureScaler features() {
        return features;
    }

    CovariateScaler covariates() {
        return covariates;
    }

    /** Of the evaluated label. */
    LabelScale labelScale() {
        return scales.get(0);
    }

    Likelihood likelihood() {
        return bags.likelihoods().get(0);
    }

    ModelSpec spec(int heads) {
        return ModelSpec.of(
                likelihood(),
                new ModelSpec.Shape(
                        bags.width(), covariates.fixedEffects(), groups.levels().size(), heads));
    }

    /** f (K + R) of any sample. */
    double[] fixedEffects(int sample) {
        return append(
                covariates.fixedEffects(bags.sample(sample).covariates()),
                bags.sample(sample).group());
    }

    /** f (K + R) of a sample whose covariates are all average and whose group is unknown. */
    double[] intercept() {
        double[] f = new double[covariates.fixedEffects()];
        f[0] = 1;
        return append(f, Optional.empty());
    }

    /** 0 for all levels where there is none, as for one that is not known. */
    private double[] append(double[] f, Optional<String> level) {
        return level.map(name -> groups.append(f, name))
                .orElseGet(() -> Arrays.copyOf(f, f.length + groups.levels().size()));
    }

    /** Patients of {@link #trainingBags}, in their order. */
    List<String> trainingPatients() {
        return Arrays.stream(training)
                .mapToObj(sample -> bags.sample(sample).patientId())
                .toList();
    }

    List<LabelledBag> trainingBags() {
        return Arrays.stream(training)
                .mapToObj(sample -> bags.labelled(sample, fixedEffects(sample), scales))
                .toList();
    }
}
