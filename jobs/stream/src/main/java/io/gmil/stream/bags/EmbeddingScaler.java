package io.gmil.stream.bags;

import io.gmil.model.CovariateScaler;
import io.gmil.model.FeatureScaler;
import io.gmil.schema.Scaler;
import io.gmil.stream.state.Bag;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The frozen scaler of one embedding version as the model uses it. */
record EmbeddingScaler(String id, FeatureScaler features, CovariateScaler covariates, List<String> names) {

    static EmbeddingScaler of(Scaler scaler) {
        return new EmbeddingScaler(
                scaler.getScalerId(),
                new FeatureScaler(array(scaler.getMean()), array(scaler.getSd())),
                new CovariateScaler(array(scaler.getCovariateMean()), array(scaler.getCovariateSd())),
                List.copyOf(scaler.getCovariates()));
    }

    /** The fixed effects f of a bag, the intercept first. */
    double[] fixedEffects(Bag bag) {
        return covariates.fixedEffects(
                names.stream().mapToDouble(bag.getCovariates()::get).toArray());
    }

    /** Covariates that count as average. */
    Map<String, Double> averageCovariates() {
        Map<String, Double> average = new HashMap<>();
        for (int k = 0; k < names.size(); k++) {
            average.put(names.get(k), covariates.mean()[k]);
        }
        return average;
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
