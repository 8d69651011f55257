package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Categorical and Normal outcomes with known truth: no worse than {@link PenalisedFit}, a penalised maximum likelihood fit
 * that starts at the truth and whose prior variances are chosen by its figure on the test bags, by more than .01.
 */
class LikelihoodAccuracyTest {
    private static final double MARGIN = 0.01;
    private static final int WIDTH = 8;
    private static final int CLASSES = 3;
    private static final double NOISE = 0.5;

    private static final List<double[]> GRID = List.of(
            new double[] {0.3, 3}, new double[] {1, 3}, new double[] {0.3, 10}, new double[] {1, 10}, new double[] {
                1, 30
            });

    @Test
    void categoricalPredictsAsOftenRightAsAFitTunedByAnOracle() {
        ModelSpec spec = ModelSpec.of(new Categorical(CLASSES), new ModelSpec.Shape(WIDTH, 1, 0, 1));
        KnownTruth truth = new KnownTruth(spec, 3, 600, 1000, 20, 4, LikelihoodAccuracyTest::drawClass);
        double oracle = GRID.stream()
                .map(grid -> PenalisedFit.of(truth, spec, Variances.ofEffects(grid[0], grid[1])))
                .mapToDouble(theta -> accuracy(truth, etas(truth, spec, theta)))
                .max()
                .orElseThrow();
        List<OutcomePosterior> fitted = GmilFit.passes(16, 1).fit(truth.training, List.of(spec), truth.scaler);
        double own = accuracy(truth, etas(truth, spec, means(fitted.get(0))));
        double best = accuracy(truth, Arrays.copyOfRange(truth.eta, 600, 1600));
        assertThat(own).isGreaterThan(oracle - MARGIN).isLessThan(best + MARGIN);
    }

    @Test
    void normalRanksBagsAsWellAsAFitTunedByAnOracleAndLearnsTheNoise() {
        ModelSpec spec = ModelSpec.of(new Normal(), new ModelSpec.Shape(WIDTH, 1, 0, 1));
        KnownTruth truth = new KnownTruth(
                spec,
                4,
                300,
                1000,
                20,
                1,
                (eta, random) -> Label.of(eta[0] + Math.sqrt(NOISE) * random.nextGaussian()));
        double oracle = GRID.stream()
                .map(grid -> PenalisedFit.of(truth, spec, new Variances(grid[0], grid[1], 1, NOISE)))
                .mapToDouble(theta -> explained(truth, etas(truth, spec, theta)))
                .max()
                .orElseThrow();
        OutcomePosterior fitted = GmilFit.passes(16, 1)
                .fit(truth.training, List.of(spec), truth.scaler)
                .get(0);
        double own = explained(truth, etas(truth, spec, means(fitted)));
        assertThat(own).isGreaterThan(oracle - MARGIN);
        assertThat(fitted.posteriors().get(0).variances().noise()).isBetween(0.8 * NOISE, 1.2 * NOISE);
    }

    private static Label drawClass(double[] eta, Random random) {
        double[] p = new double[eta.length];
        SoftmaxGaussian.softmax(eta, p);
        double left = random.nextDouble();
        int c = 0;
        while (c < p.length - 1 && left >= p[c]) {
            left -= p[c++];
        }
        return Label.of(c);
    }

    private static double[][] means(OutcomePosterior fitted) {
        return fitted.posteriors().stream().map(posterior -> posterior.mean).toArray(double[][]::new);
    }

    /** η of the test bags (bags × classes). */
    private static double[][] etas(KnownTruth truth, ModelSpec spec, double[][] theta) {
        double[][] etas = new double[truth.test.size()][theta.length];
        List<Draws> draws =
                Arrays.stream(theta).map(each -> new Draws(spec, each, 1)).toList();
        CellSweep.of(draws, truth.scaler, new EjmlAlgebra()).run(truth.test, draws, (n, sums) -> {
            for (int c = 0; c < theta.length; c++) {
                etas[n][c] = draws.get(c).eta(0, truth.test.get(n), sums, c);
            }
        });
        return etas;
    }

    private static double accuracy(KnownTruth truth, double[][] etas) {
        int right = 0;
        for (int n = 0; n < etas.length; n++) {
            int most = 0;
            for (int c = 1; c < etas[n].length; c++) {
                most = etas[n][c] > etas[n][most] ? c : most;
            }
            right += most == truth.test.get(n).y() ? 1 : 0;
        }
        return (double) right / etas.length;
    }

    /** 1 − Σ (η̂ − η)² / Σ η² on the test bags. */
    private static double explained(KnownTruth truth, double[][] etas) {
        double missed = 0;
        double all = 0;
        int training = truth.training.size();
        for (int n = 0; n < etas.length; n++) {
            double eta = truth.eta[training + n][0];
            missed += (etas[n][0] - eta) * (etas[n][0] - eta);
            all += eta * eta;
        }
        return 1 - missed / all;
    }
}
