package io.gmil.stream.bags;

import io.gmil.stream.JobConfig;
import io.gmil.stream.OutcomeConfig;
import io.gmil.stream.state.LearnerOrder;
import io.gmil.stream.state.LearnerOrderKind;
import io.gmil.stream.state.ModelId;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;

/**
 * Which outcomes are not to be learnt for now. Every shard remembers it, for learners that do not exist yet when the
 * command comes: the first to tell such a learner of a site tells it to pause.
 */
final class Pauses {

    private static final String ALL = "";

    private final JobConfig config;

    /** Commands by outcome. */
    private final MapState<String, String> paused;

    /** Models, by key, whose learner this shard has told to pause and not yet to go on. */
    private final MapState<String, ModelId> told;

    Pauses(JobConfig config, RuntimeContext context) {
        this.config = config;
        paused = context.getMapState(States.descriptor("paused", Types.STRING));
        told = context.getMapState(States.descriptor("told-to-pause", new AvroTypeInfo<>(ModelId.class)));
    }

    /** @param outcome null for all, also for those that the job is yet to learn */
    void pause(String outcome, String command) {
        States.put(paused, outcome == null ? ALL : outcome, command);
    }

    /** @param outcome null for all */
    void resume(String outcome) {
        String all = States.get(paused, ALL);
        States.remove(paused, ALL);
        for (OutcomeConfig each : config.outcomes()) {
            if (outcome == null || outcome.equals(each.name())) {
                States.remove(paused, each.name());
            } else if (all != null) {
                States.put(paused, each.name(), all);
            }
        }
    }

    /** What a learner that has published nothing is told; null for nothing. */
    LearnerOrder order(ActiveModel model) {
        if (model.snapshot().version() > 0) {
            return null;
        }
        String all = States.get(paused, ALL);
        String command = all != null ? all : States.get(paused, model.outcome().name());
        return command == null ? null : new LearnerOrder(command, LearnerOrderKind.PAUSE);
    }

    /** Takes note of an order that a learner is given. */
    void tell(ActiveModel model, LearnerOrder order) {
        if (order.getKind() == LearnerOrderKind.PAUSE) {
            States.put(told, model.key(), model.id());
        } else if (order.getKind() == LearnerOrderKind.RESUME) {
            States.remove(told, model.key());
        }
    }

    /** Models that have to hear of it when learning goes on, also where nothing else is known of them here any more. */
    List<ModelId> told() {
        List<ModelId> models = new ArrayList<>();
        States.read(told::values).forEach(models::add);
        return models;
    }
}
