package io.gmil.stream;

import io.gmil.model.CovariateScaler;
import io.gmil.model.FeatureScaler;
import io.gmil.schema.Control;
import io.gmil.schema.Scaler;
import java.util.List;
import java.util.Optional;

/** Whether a command of this job's study can be carried out. */
public final class CommandCheck {

    private CommandCheck() {}

    /** What is wrong with a command: expected, got; empty where nothing is. */
    public static Optional<String> problem(Control control, JobConfig config) {
        return switch (control.getKind()) {
            case SCORE_ALL ->
                control.getTopK() == null || control.getTopK() >= 0
                        ? Optional.empty()
                        : Optional.of("cells to list: expected 0 or more, got " + control.getTopK());
            case SET_SCALER -> problem(control.getScaler(), config);
            default -> Optional.of("kind: expected SET_SCALER or SCORE_ALL, got " + control.getKind());
        };
    }

    private static Optional<String> problem(Scaler scaler, JobConfig config) {
        if (scaler == null) {
            return Optional.of("scaler: expected one, got none");
        }
        if (!scaler.getStudy().equals(config.study()) || !scaler.getCovariates().equals(config.covariates())) {
            return Optional.of("scaler: expected study '%s' and covariates %s, got '%s' and %s"
                    .formatted(config.study(), config.covariates(), scaler.getStudy(), scaler.getCovariates()));
        }
        if (scaler.getCovariateMean().size() != scaler.getCovariates().size()) {
            return Optional.of("scaler: expected a mean for each of %d covariates, got %d"
                    .formatted(
                            scaler.getCovariates().size(),
                            scaler.getCovariateMean().size()));
        }
        try {
            new FeatureScaler(array(scaler.getMean()), array(scaler.getSd()));
            new CovariateScaler(array(scaler.getCovariateMean()), array(scaler.getCovariateSd()));
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(e.getMessage());
        }
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
