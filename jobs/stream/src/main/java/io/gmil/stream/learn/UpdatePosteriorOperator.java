package io.gmil.stream.learn;

import io.gmil.schema.PosteriorMessage;
import io.gmil.stream.InitialModel;
import io.gmil.stream.JobConfig;
import io.gmil.stream.state.SiteChanges;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Runs {@link UpdatePosterior} and stores what has changed when a checkpoint is taken: the sums of a wide model are
 * megabytes, far too much to write at every change.
 */
public final class UpdatePosteriorOperator extends KeyedProcessOperator<String, SiteChanges, PosteriorMessage> {

    private static final long serialVersionUID = 1L;

    private final UpdatePosterior models;

    /** @param initial what learners begin with instead of the prior, unless there is state */
    public UpdatePosteriorOperator(JobConfig config, List<InitialModel> initial) {
        this(new UpdatePosterior(config, initial));
    }

    private UpdatePosteriorOperator(UpdatePosterior models) {
        super(models);
        this.models = models;
    }

    /** That a generation begins is for all models. */
    @Override
    public void processElement(StreamRecord<SiteChanges> element) throws Exception {
        if (!element.getValue().getBegins()) {
            super.processElement(element);
            return;
        }
        models.begin(element.getValue());
        models.saved().forEach(message -> output.collect(new StreamRecord<>(message)));
        for (String key : keys()) {
            setCurrentKey(key);
            super.processElement(element);
        }
    }

    private Set<String> keys() {
        Set<String> keys = new HashSet<>(models.models());
        try (Stream<String> stored =
                this.<String>getKeyedStateBackend().getKeys(UpdatePosterior.LOOPS, VoidNamespace.INSTANCE)) {
            stored.forEach(keys::add);
        }
        return keys;
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        for (String key : models.unstored()) {
            setCurrentKey(key);
            models.store(key);
        }
    }
}
