package io.gmil.cli.cluster.ha;

import org.apache.flink.api.common.ApplicationID;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.checkpoint.CheckpointStoreUtil;
import org.apache.flink.runtime.jobmanager.ApplicationStoreUtil;
import org.apache.flink.runtime.jobmanager.ExecutionPlanStoreUtil;

/** What files of a {@link FileStateHandleStore} are called. */
final class EntryNames {

    static final ExecutionPlanStoreUtil JOBS = new ExecutionPlanStoreUtil() {
        @Override
        public String jobIDToName(JobID job) {
            return job.toHexString();
        }

        @Override
        public JobID nameToJobID(String name) {
            return JobID.fromHexString(name);
        }
    };

    static final ApplicationStoreUtil APPLICATIONS = new ApplicationStoreUtil() {
        @Override
        public String applicationIdToName(ApplicationID application) {
            return application.toHexString();
        }

        @Override
        public ApplicationID nameToApplicationId(String name) {
            return ApplicationID.fromHexString(name);
        }
    };

    /** Of one width, as checkpoints are recovered in the order of their names. */
    static final CheckpointStoreUtil CHECKPOINTS = new CheckpointStoreUtil() {
        @Override
        public String checkpointIDToName(long checkpoint) {
            return "%019d".formatted(checkpoint);
        }

        @Override
        public long nameToCheckpointID(String name) {
            return name.matches("\\d{1,19}") ? Long.parseLong(name) : INVALID_CHECKPOINT_ID;
        }
    };

    private EntryNames() {}
}
