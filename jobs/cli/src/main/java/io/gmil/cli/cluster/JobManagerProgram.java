package io.gmil.cli.cluster;

import io.gmil.cli.cluster.ClusterSettings.Application;
import io.gmil.stream.LearnJob;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The job manager: of a session that jobs are submitted to, or of the one job that it runs itself. */
final class JobManagerProgram {

    private static final String SESSION = "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint";
    private static final String APPLICATION =
            "org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint";

    private JobManagerProgram() {}

    static JavaProcess of(ClusterSettings settings, Path conf, List<String> jvm) {
        List<String> arguments = new ArrayList<>(List.of("--configDir", conf.toString()));
        settings.application().ifPresent(run -> arguments.addAll(application(run)));
        return new JavaProcess(settings.application().isPresent() ? APPLICATION : SESSION, jvm, arguments);
    }

    private static List<String> application(Application run) {
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("--job-classname", LearnJob.class.getName(), "--job-id", run.job()));
        run.savepoint().ifPresent(path -> arguments.addAll(List.of("--fromSavepoint", path)));
        // Behind the dashes all is the job's: its --config would else be taken for short of --configDir.
        arguments.addAll(List.of("--", "--config", run.config().toString()));
        return arguments;
    }
}
