package io.gmil.cli;

import io.gmil.cli.cluster.ClusterJobs;
import io.gmil.cli.cluster.JobFile;
import io.gmil.cli.cluster.ProcessCluster;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the learning job, or one that only predicts, on a cluster of 'gmil cluster', or stops it there. */
@Command(
        name = "submit",
        description = "Runs the main job on a cluster of 'gmil cluster start', or stops it with a savepoint.",
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false)
final class SubmitCommand implements Callable<Integer> {

    private static final long START_SECONDS = 120;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings of the job; broker and checkpoints are the cluster's where it names none.")
    private Optional<Path> config;

    @Option(
            names = "--cluster",
            defaultValue = ClusterCommand.Place.DEFAULT,
            paramLabel = "DIR",
            description = "Of 'gmil cluster start' (default: " + ClusterCommand.Place.DEFAULT + ").")
    private Path directory;

    @Option(names = "--initial-model", paramLabel = "DIR", description = "Model of 'gmil fit' to begin with.")
    private Optional<Path> initialModel;

    @Option(names = "--from-savepoint", paramLabel = "PATH", description = "Savepoint or checkpoint to go on from.")
    private Optional<String> savepoint;

    @Option(names = "--parallelism", paramLabel = "N", description = "Instead of the one in the settings.")
    private Optional<Integer> parallelism;

    @Option(
            names = "--application",
            description = "In application mode: a job manager of its own, which ends with the job.")
    private boolean application;

    @Option(
            names = "--score-only",
            description = "The job that only predicts, with the posteriors that a learning job publishes, to topics of "
                    + "its own.")
    private boolean scoreOnly;

    @Option(names = "--stop", paramLabel = "JOB", description = "Stops this job with a savepoint.")
    private Optional<String> stop;

    @Option(
            names = "--savepoint",
            paramLabel = "DIR",
            description = "Where --stop puts its savepoint (default: the cluster's).")
    private Optional<Path> savepoints;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        requireConsistent();
        System.setProperty(
                "gmil.log", directory.resolve("gmil.log").toAbsolutePath().toString());
        ProcessCluster cluster = ProcessCluster.open(directory);
        if (cluster.rest().slots().isEmpty()) {
            throw new UsageException("the job manager in " + directory + " does not answer at " + cluster.address()
                    + "; start it with 'gmil cluster start --directory " + ShellWord.of(directory) + "'");
        }
        PrintWriter out = spec.commandLine().getOut();
        ClusterJobs jobs = new ClusterJobs(cluster);
        if (stop.isPresent()) {
            out.println("savepoint " + jobs.stop(stop.get(), savepoints.orElse(cluster.savepoints())));
        } else {
            run(jobs, cluster, out);
        }
        return 0;
    }

    private void run(ClusterJobs jobs, ProcessCluster cluster, PrintWriter out) throws Exception {
        JobFile job = JobFile.read(config.orElseThrow())
                .with(parallelism.map(OptionalInt::of).orElse(OptionalInt.empty()), initialModel);
        String id = application
                ? jobs.runAsApplication(job, savepoint)
                : scoreOnly ? jobs.submitScoring(job, savepoint) : jobs.submit(job, savepoint);
        out.println("job " + id);
        out.println("dashboard " + cluster.address().resolve("/#/job/running/" + id + "/overview"));
        out.flush();
        jobs.awaitRunning(id, START_SECONDS);
    }

    private void requireConsistent() {
        List<String> problems = new ArrayList<>();
        if (config.isPresent() == stop.isPresent()) {
            problems.add("expected either --config FILE to run a job or --stop JOB");
        }
        if (savepoints.isPresent() && stop.isEmpty()) {
            problems.add("--savepoint goes with --stop");
        }
        if (scoreOnly && (application || initialModel.isPresent())) {
            problems.add("--score-only goes without --application and --initial-model");
        }
        if (stop.isPresent()
                && (application
                        || scoreOnly
                        || initialModel.isPresent()
                        || savepoint.isPresent()
                        || parallelism.isPresent())) {
            problems.add("--stop goes with --cluster and --savepoint only");
        }
        if (!problems.isEmpty()) {
            throw new UsageException(String.join("; ", problems));
        }
    }
}
