package io.gmil.stream;

import io.gmil.kafka.AvroWire;
import io.gmil.kafka.WireException;
import io.gmil.model.CovariateScaler;
import io.gmil.model.FeatureScaler;
import io.gmil.schema.Control;
import io.gmil.schema.Posterior;
import io.gmil.schema.PosteriorMessage;
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
            case ERASE_PATIENT ->
                control.getPatientId() == null || control.getPatientId().isBlank()
                        ? Optional.of("patient: expected one, got none")
                        : Optional.empty();
            case PIN_POSTERIOR -> pinned(control, config);
            case PAUSE_LEARNING, RESUME_LEARNING, REFRESH_ALL, SNAPSHOT, UNPIN_POSTERIOR ->
                control.getOutcome() == null
                                || config.outcome(control.getOutcome()).isPresent()
                        ? Optional.empty()
                        : Optional.of(outcomes(config, control.getOutcome()));
            default -> Optional.of("kind: expected one that this release knows, got " + control.getKind());
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

    private static Optional<String> pinned(Control control, JobConfig config) {
        if (control.getPosterior() == null) {
            return Optional.of("posterior: expected one, got none");
        }
        try {
            Object body = AvroWire.of(PosteriorMessage.class)
                    .decode(Bytes.array(control.getPosterior()))
                    .getBody();
            if (!(body instanceof Posterior posterior)) {
                return Optional.of("posterior: expected one, got a scaler");
            }
            if (config.outcome(posterior.getOutcome()).isEmpty()) {
                return Optional.of(outcomes(config, posterior.getOutcome()));
            }
            if (!posterior.getStudy().equals(config.study())
                    || !posterior.getCovariates().equals(config.covariates())) {
                return Optional.of("posterior: expected study '%s' and covariates %s, got '%s' and %s"
                        .formatted(
                                config.study(), config.covariates(), posterior.getStudy(), posterior.getCovariates()));
            }
            PosteriorCodec.snapshot(posterior, config);
            return Optional.empty();
        } catch (WireException | IllegalArgumentException e) {
            return Optional.of("posterior: " + e.getMessage());
        }
    }

    private static String outcomes(JobConfig config, String got) {
        return "outcome: expected one of %s, got '%s'"
                .formatted(config.outcomes().stream().map(OutcomeConfig::name).toList(), got);
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
