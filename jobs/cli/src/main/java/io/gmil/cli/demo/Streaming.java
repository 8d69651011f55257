package io.gmil.cli.demo;

import io.gmil.cli.report.AttentionCsv;
import io.gmil.cli.watch.Display;
import io.gmil.cli.watch.FinalWeights;
import io.gmil.cli.watch.RunState;
import io.gmil.cli.watch.Snapshot;
import io.gmil.cli.watch.TopicWatch;
import io.gmil.cohort.Cohort;
import io.gmil.cohort.Sample;
import io.gmil.kafka.Topic;
import io.gmil.schema.Control;
import io.gmil.schema.ControlKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A run on a deployment that stands: publish, watch, score, report. */
final class Streaming {

    /** Beyond this the job starts on a full topic, so that its speed is not the publisher's. */
    private static final long BACKLOG_BYTES = 256_000_000;

    private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(2);

    /** Longer while catching up: what a checkpoint has to upload is then all there is. */
    private static final Duration BACKLOG_CHECKPOINT_INTERVAL = Duration.ofSeconds(30);

    private static final long POLL_MILLIS = 100;

    private final Cohort cohort;
    private final List<Sample> samples;
    private final DemoSettings settings;
    private final Survey survey;
    private final Deployment deployment;
    private final Display display;

    Streaming(Cohort cohort, DemoSettings settings, Survey survey, Deployment deployment, Display display) {
        this.cohort = cohort;
        this.samples = cohort.samples();
        this.settings = settings;
        this.survey = survey;
        this.deployment = deployment;
        this.display = display;
    }

    void run(WorkDirectory work) throws Exception {
        FinalWeights weights =
                survey.weightsAreKnown() ? FinalWeights.ofTestSamples(samples) : FinalWeights.none(samples);
        try (AttentionCsv attention = new AttentionCsv(work.resolve("attention"), samples.size(), settings.topK())) {
            RunState state = new RunState(samples, Topic.LABELS.topicName(), attention, weights);
            if (survey.embeddingBytes() > BACKLOG_BYTES) {
                onFullTopic(state, attention, weights);
            } else {
                asItComes(state, attention, weights);
            }
        }
    }

    private void asItComes(RunState state, AttentionCsv attention, FinalWeights weights) throws Exception {
        try (RunningJob job = deployment.submit(cohort.covariates(), CHECKPOINT_INTERVAL)) {
            job.awaitRunning();
            try (Publishing publishing = publish()) {
                follow(state, attention, weights, job, publishing, publishing.startedAt());
            }
        }
    }

    private void onFullTopic(RunState state, AttentionCsv attention, FinalWeights weights) throws Exception {
        try (Publishing publishing = publish()) {
            awaitPublished(publishing);
            try (RunningJob job = deployment.submit(cohort.covariates(), BACKLOG_CHECKPOINT_INTERVAL)) {
                job.awaitRunning();
                follow(state, attention, weights, job, publishing, System.currentTimeMillis());
            }
        }
    }

    private Publishing publish() {
        // A saved model brings its own scaler.
        Optional<Control> scaler = settings.model().isPresent()
                ? Optional.empty()
                : Optional.of(ScalerCommand.of(settings.names(), survey, cohort.covariates(), Instant.now()));
        return Publishing.start(cohort, settings, deployment.bootstrapServers(), scaler);
    }

    private void awaitPublished(Publishing publishing) throws InterruptedException {
        while (!publishing.done()) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            if (display.due(System.nanoTime())) {
                long percent = 100 * publishing.cellsSent() / survey.cells();
                String line = "publishing %d MB before the job starts: %d %%"
                        .formatted(survey.embeddingBytes() / 1_000_000, percent);
                display.status(line, System.nanoTime());
            }
        }
        publishing.requireSound();
    }

    private void follow(
            RunState state,
            AttentionCsv attention,
            FinalWeights weights,
            RunningJob job,
            Publishing publishing,
            long reading)
            throws Exception {
        try (TopicWatch watch = TopicWatch.start(deployment.kafka(), state)) {
            RunMonitor monitor = new RunMonitor(state, watch, job, publishing, display, deployment.dashboard());
            monitor.await(now -> publishing.done() && now.learnt());
            publishing.send(scoreAll(state));
            monitor.await(Snapshot::finished);
        }
        double seconds = (System.currentTimeMillis() - publishing.startedAt()) / 1e3;
        display.status("all scored; figures and files ...", System.nanoTime());
        Throughput throughput = Throughput.measure(state.pace(reading), survey, deployment.kafka());
        new Closing(samples, settings, survey, state, weights)
                .report(attention, seconds, throughput)
                .lines()
                .forEach(display::println);
        if (settings.keepRunning()) {
            stayUp();
        }
    }

    private Control scoreAll(RunState state) {
        String command = UUID.randomUUID().toString();
        state.expectFinal(command);
        return Control.newBuilder()
                .setCommandId(command)
                .setKind(ControlKind.SCORE_ALL)
                .setStudy(settings.names().study())
                .setIssuedAt(Instant.now())
                .setTopK(survey.weightsAreKnown() ? 0 : settings.topK())
                .build();
    }

    private void stayUp() throws InterruptedException {
        display.println("Still running: dashboard %s, Kafka %s. Ctrl-C stops it."
                .formatted(deployment.dashboard(), deployment.bootstrapServers()));
        new CountDownLatch(1).await();
    }
}
