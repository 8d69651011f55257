package io.gmil.stream;

import io.gmil.model.Cells;
import io.gmil.model.CovariateScaler;
import io.gmil.model.FeatureScaler;
import io.gmil.model.GmilFit;
import io.gmil.model.LabelledBag;
import io.gmil.model.ModelSpec;
import io.gmil.model.OutcomePosterior;
import io.gmil.model.Posterior;
import io.gmil.model.PosteriorSnapshot;
import io.gmil.model.Predictor;
import io.gmil.stream.saved.Fingerprint;
import io.gmil.stream.saved.ModelFile;
import io.gmil.stream.saved.PosteriorFiles;
import io.gmil.stream.saved.SavedModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A saved model of some test bags, fitted offline. */
final class SavedBags {

    static final String PLACE = "file:/models/m";

    /** Not that of the events, so that one can be told from the other. */
    private static final double MEAN = 0.25;

    private SavedBags() {}

    static List<TestBag> named(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> TestBag.of(prefix + i)).toList();
    }

    static List<InitialModel> initial(List<TestBag> bags, JobConfig config) throws IOException {
        return InitialModels.of(fit(bags, "Y", "binomial", 2), PLACE, config);
    }

    static SavedModel fit(List<TestBag> bags, String outcome, String likelihood, int trials) {
        double[] mean = new double[Events.WIDTH];
        double[] sd = new double[Events.WIDTH];
        Arrays.fill(mean, MEAN);
        Arrays.fill(sd, 2);
        ModelSpec spec = ModelSpec.binomial(trials, Events.WIDTH, 1).withSeed(7);
        List<LabelledBag> labelled = new ArrayList<>();
        Map<String, String> known = new LinkedHashMap<>();
        for (TestBag bag : bags) {
            float[] values = values(bag);
            labelled.add(new LabelledBag(cells(bag), new double[] {1}, labelled.size() % (trials + 1), trials));
            known.put(bag.sample(), Fingerprint.ofBag(bag.sample(), values).substring(0, ModelFile.DIGITS));
        }
        Posterior posterior = GmilFit.passes(6, 7).fit(labelled, spec, new FeatureScaler(mean, sd));
        return new SavedModel(
                new ModelFile(
                        ModelFile.FORMAT,
                        ModelFile.VERSION,
                        List.of(ModelFile.Outcome.counted(
                                outcome,
                                likelihood,
                                trials,
                                PosteriorFiles.states(0, new OutcomePosterior(List.of(posterior)))
                                        .get(0))),
                        new ModelFile.Embedding("obsm/" + Events.EMBEDDING, Events.WIDTH, mean, sd),
                        List.of(),
                        ModelFile.RandomIntercept.none(),
                        ModelFile.Prior.of(spec),
                        new ModelFile.Provenance(
                                "1.2", "", 0, "listed", "f1", bags.size(), 1, 7, 6, Map.of(), Map.of()),
                        known),
                posterior);
    }

    /** The probability that the model itself gives. */
    static double probability(SavedModel model, TestBag bag) {
        PosteriorSnapshot posterior = model.posterior().snapshot(0, 1);
        CovariateScaler covariates = model.covariateScaler();
        return new Predictor(posterior.spec(), model.featureScaler())
                .predict(cells(bag), covariates.fixedEffects(new double[0]), posterior)
                .probability();
    }

    private static Cells cells(TestBag bag) {
        return Cells.of(values(bag), bag.chunks() * TestBag.CELLS_PER_CHUNK, Events.WIDTH);
    }

    private static float[] values(TestBag bag) {
        int length = TestBag.CELLS_PER_CHUNK * Events.WIDTH;
        float[] values = new float[bag.chunks() * length];
        for (int chunk = 0; chunk < bag.chunks(); chunk++) {
            System.arraycopy(bag.values(chunk), 0, values, chunk * length, length);
        }
        return values;
    }
}
