package io.gmil.model;

import static io.gmil.model.ReferenceGolden.compare;
import static io.gmil.model.ReferenceGolden.transposed;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Every field of the {@code forward} section of a golden file. */
final class ReferenceForwardCheck {
    private final ReferenceGolden golden;
    private final JsonNode forward;
    private final ReferenceLogLikelihood data;
    private final ReferenceDraws draws;
    private final int columns;
    private final List<ReferenceBag> bags;

    ReferenceForwardCheck(ReferenceGolden golden) {
        this.golden = golden;
        this.forward = golden.root.get("forward");
        this.data = golden.dataTerm();
        this.draws = data.draws();
        this.columns = draws.columns();
        this.bags = ReferenceGolden.bags(golden.root.get("inputs"));
    }

    void run() {
        Map<String, double[]> values = new HashMap<>();
        addDraws(values);
        addEffects(values);
        addLoss(values);
        for (var field : forward.properties()) {
            if (!Set.of("att_logits", "att_weights").contains(field.getKey())) {
                assertThat(values).containsKey(field.getKey());
                compare(field.getKey(), values.get(field.getKey()), field.getValue(), ReferenceGolden.EXACT);
            }
        }
        for (int n = 0; n < bags.size(); n++) {
            ReferenceGolden.compareAttention(
                    ReferenceAttention.of(bags.get(n), draws.gamma),
                    forward.get("att_logits").get(n),
                    forward.get("att_weights").get(n));
        }
    }

    private void addDraws(Map<String, double[]> values) {
        double[] beta = draws.eta.clone();
        for (int i = 0; i < beta.length; i++) {
            beta[i] *= draws.b[i / golden.size("Q")];
        }
        values.put("beta_u", transposed(draws.gamma, columns));
        values.put("beta_z", transposed(beta, columns));
        values.put("b", draws.b);
        values.put("eta", transposed(draws.eta, columns));
    }

    private void addEffects(Map<String, double[]> values) {
        values.put("u_raw", transposed(data.raw, columns));
        values.put("batch_mean", data.standardised.mean);
        double[] sd = data.standardised.sd.clone();
        if (bags.size() == 1) { // theirs is NaN, which they replace by 1 afterwards
            assertThat(sd).containsOnly(1);
            Arrays.fill(sd, Double.NaN);
        }
        values.put("batch_std", sd);
        values.put("u", transposed(data.effects(), columns));
        values.put("logits", transposed(data.logits, columns));
    }

    private void addLoss(Map<String, double[]> values) {
        ReferenceKl kl = new ReferenceKl(golden.parameters(golden.root.get("params")));
        double term = golden.root.get("kld_w").asDouble() * kl.sum() / bags.size();
        values.put("ll", new double[] {data.value});
        values.put("kl_per_output", kl.perOutput);
        values.put("kl_sum", new double[] {kl.sum()});
        values.put("kld_term", new double[] {term});
        values.put("loss", new double[] {term - data.value});
    }
}
