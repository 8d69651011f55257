package io.gmil.cli.experiments;

import io.gmil.model.GmilFit;
import io.gmil.model.ModelSpec;
import io.gmil.model.ModelSpec.Covariance;
import io.gmil.model.ModelSpec.Effects;
import java.util.function.UnaryOperator;

/**
 * A model and how it is fitted.
 *
 * @param title in tables and plots
 * @param model makes it of GMIL's specification
 * @param fit makes it of GMIL's fit
 */
public record Contender(String title, UnaryOperator<ModelSpec> model, UnaryOperator<GmilFit> fit) {

    static final Contender GMIL = new Contender("GMIL", UnaryOperator.identity(), UnaryOperator.identity());

    static final Contender MEAN_POOLING =
            new Contender("mean pooling", UnaryOperator.identity(), GmilFit::withoutAttention);

    static final Contender MEAN_FIELD =
            new Contender("mean field", spec -> spec.with(Covariance.MEAN_FIELD), UnaryOperator.identity());

    static final Contender FIXED_EFFECTS =
            new Contender("fixed effects", spec -> spec.with(Effects.FIXED), UnaryOperator.identity());

    /** Of several starts the one with the largest evidence lower bound. */
    static Contender starts(int count) {
        return new Contender("GMIL, several starts", UnaryOperator.identity(), fit -> fit.withStarts(count));
    }
}
