package io.gmil.stream;

import io.gmil.model.ModelSpec;
import io.gmil.schema.Likelihood;
import io.gmil.stream.state.StateOutcome;
import io.gmil.stream.state.StatePrior;
import io.gmil.stream.state.StateSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;

/**
 * The settings that the state of an operator depends on, stored beside it. A restored job either has the same, or such as
 * its state is right under: outcomes may come and go. State from before this was stored is taken as it is.
 */
public final class RestoredSettings {

    /** Of the state of all operators; to be raised when an earlier release could not go on from it. */
    public static final int VERSION = 2;

    static final ListStateDescriptor<StateSettings> STATE =
            new ListStateDescriptor<>("settings", new AvroTypeInfo<>(StateSettings.class));

    private final ListState<StateSettings> stored;
    private final StateSettings settings;
    private final List<OutcomeConfig> outcomes;

    private RestoredSettings(ListState<StateSettings> stored, StateSettings settings) {
        this.stored = stored;
        this.settings = settings;
        this.outcomes =
                settings.getOutcomes().stream().map(RestoredSettings::outcome).toList();
    }

    /**
     * Compares what an operator finds with the settings of its job. Every subtask finds what all have stored.
     *
     * @throws RestoreRefused naming everything that does not fit
     */
    public static RestoredSettings in(OperatorStateStore store, JobConfig config) throws Exception {
        ListState<StateSettings> stored = store.getUnionListState(STATE);
        StateSettings settings = of(config);
        for (StateSettings before : stored.get()) {
            settings = merge(before, settings);
        }
        return new RestoredSettings(stored, settings);
    }

    /** Writes the settings to state, for the snapshot that is being taken. */
    public void store() throws Exception {
        stored.update(List.of(settings));
    }

    /** The outcomes of which there may be state: those of the job, then those that it learns no more. */
    public List<OutcomeConfig> outcomes() {
        return outcomes;
    }

    /** The outcome of that name, learnt or not any more; empty where there is no state of it. */
    public Optional<OutcomeConfig> outcome(String name) {
        return outcomes.stream().filter(outcome -> outcome.name().equals(name)).findFirst();
    }

    /** Those of a job as they are stored. */
    static StateSettings of(JobConfig config) {
        return StateSettings.newBuilder()
                .setVersion(VERSION)
                .setStudy(config.study())
                .setShards(config.shards())
                .setCovariates(config.covariates())
                .setPrior(stored(PosteriorCodec.spec(1, 1, config).prior()))
                .setOutcomes(new ArrayList<>(
                        config.outcomes().stream().map(RestoredSettings::stored).toList()))
                .build();
    }

    private static StatePrior stored(ModelSpec.Prior prior) {
        return new StatePrior(
                prior.sigma2Gamma(),
                prior.sigma2Beta(),
                prior.hyperStrength(),
                prior.effects().name());
    }

    private static StateOutcome stored(OutcomeConfig outcome) {
        return new StateOutcome(outcome.name(), outcome.likelihood().name(), outcome.trials());
    }

    private static OutcomeConfig outcome(StateOutcome stored) {
        return new OutcomeConfig(stored.getName(), Likelihood.valueOf(stored.getLikelihood()), stored.getTrials());
    }

    /**
     * The settings of a job that goes on from such state.
     *
     * @throws RestoreRefused if it cannot
     */
    static StateSettings merge(StateSettings before, StateSettings now) {
        if (before.getVersion() > VERSION) {
            throw new RestoreRefused(
                    "state version: expected at most %d, got %d; the savepoint is that of a newer release, which can go on from it"
                            .formatted(VERSION, before.getVersion()));
        }
        List<String> problems = new ArrayList<>();
        compare("study", before.getStudy(), now.getStudy(), problems);
        compare("shards", before.getShards(), now.getShards(), problems);
        compare("covariates", before.getCovariates(), now.getCovariates(), problems);
        compare("prior", before.getPrior(), now.getPrior(), problems);
        StateSettings merged = StateSettings.newBuilder(now).build();
        for (StateOutcome outcome : before.getOutcomes()) {
            Optional<StateOutcome> same = now.getOutcomes().stream()
                    .filter(each -> each.getName().equals(outcome.getName()))
                    .findFirst();
            if (same.isPresent()) {
                compare("outcome", outcome(outcome).text(), outcome(same.get()).text(), problems);
            } else {
                merged.getOutcomes().add(outcome);
            }
        }
        if (!problems.isEmpty()) {
            throw new RestoreRefused("restored state: " + String.join("; ", problems));
        }
        return merged;
    }

    private static void compare(String what, Object before, Object now, List<String> problems) {
        if (!before.equals(now)) {
            problems.add("%s: expected %s as in the savepoint, got %s".formatted(what, before, now));
        }
    }
}
