package io.gmil.cli.offline;

import io.gmil.cohort.CellRun;
import io.gmil.cohort.Cohort;
import io.gmil.cohort.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The samples of a cohort that may be learnt, as a cohort of their own. The other cohort stays with who opened it. */
final class TrainingSamples implements Cohort {

    private final Cohort all;
    private final List<Sample> samples = new ArrayList<>();
    private final int[] indexHere;

    TrainingSamples(Cohort all) {
        this.all = all;
        this.indexHere = new int[all.samples().size()];
        Arrays.fill(indexHere, -1);
        for (int i = 0; i < indexHere.length; i++) {
            Sample sample = all.samples().get(i);
            if (sample.training() && sample.label().isPresent()) {
                indexHere[i] = samples.size();
                samples.add(sample);
            }
        }
    }

    @Override
    public void scan(CellVisitor visitor) throws IOException {
        all.scan(run -> {
            int sample = indexHere[run.sample()];
            if (sample >= 0) {
                visitor.visit(new CellRun(
                        sample,
                        run.firstCell(),
                        run.rows(),
                        run.values(),
                        run.cellIds(),
                        run.cellTypes(),
                        run.trueWeights()));
            }
        });
    }

    @Override
    public String description() {
        return all.description();
    }

    @Override
    public int width() {
        return all.width();
    }

    @Override
    public List<String> covariates() {
        return all.covariates();
    }

    @Override
    public List<String> classes(int outcome) {
        return all.classes(outcome);
    }

    @Override
    public List<String> groups() {
        return all.groups();
    }

    @Override
    public List<Sample> samples() {
        return samples;
    }

    @Override
    public boolean hasTrueWeights() {
        return all.hasTrueWeights();
    }

    @Override
    public void close() {
        // Opened elsewhere.
    }
}
