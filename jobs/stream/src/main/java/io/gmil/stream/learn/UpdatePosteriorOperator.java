package io.gmil.stream.learn;

import io.gmil.schema.PosteriorMessage;
import io.gmil.stream.InitialModel;
import io.gmil.stream.JobConfig;
import io.gmil.stream.state.SiteChanges;
import java.util.List;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;

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

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        for (String key : models.unstored()) {
            setCurrentKey(key);
            models.store(key);
        }
    }
}
