package io.gmil.stream.bags;

import io.gmil.model.CovariateScaler;
import io.gmil.model.FeatureScaler;
import io.gmil.schema.Scaler;
import io.gmil.stream.state.Bag;
import java.util.List;

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

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
