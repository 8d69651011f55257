package io.gmil.cli.watch;

import io.gmil.kafka.GmilReader;
import io.gmil.kafka.Isolation;
import io.gmil.kafka.KafkaConfig;
import io.gmil.kafka.Received;
import io.gmil.kafka.Topic;
import io.gmil.kafka.WireException;
import io.gmil.schema.AttentionSummary;
import io.gmil.schema.DeadLetter;
import io.gmil.schema.Evaluation;
import io.gmil.schema.PosteriorMessage;
import io.gmil.schema.Prediction;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** Reads the output topics into a {@link RunState}, as any consumer would: what is not committed is not seen. */
public final class TopicWatch implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final RunState state;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final List<Thread> threads;

    private TopicWatch(KafkaConfig config, RunState state) {
        this.state = state;
        this.threads = List.of(
                // The learner publishes outside transactions, for speed.
                thread(config, Isolation.UNCOMMITTED, Set.of(Topic.POSTERIOR)),
                thread(config, Isolation.COMMITTED, Set.of(Topic.PREDICTIONS, Topic.EVALUATIONS, Topic.DEAD_LETTERS)),
                thread(config, Isolation.COMMITTED, Set.of(Topic.ATTENTION)));
    }

    /** Starts to read from the beginning of the topics. */
    public static TopicWatch start(KafkaConfig config, RunState state) {
        TopicWatch watch = new TopicWatch(config, state);
        watch.threads.forEach(Thread::start);
        return watch;
    }

    private Thread thread(KafkaConfig config, Isolation isolation, Set<Topic> topics) {
        Thread thread = new Thread(() -> read(config, isolation, topics), "watch " + topics);
        thread.setDaemon(true);
        return thread;
    }

    private void read(KafkaConfig config, Isolation isolation, Set<Topic> topics) {
        try (GmilReader reader = GmilReader.open(config, isolation, topics)) {
            while (!stopped.get()) {
                reader.poll(PATIENCE).forEach(this::take);
            }
        } catch (WireException | RuntimeException | Error e) {
            // An error as well: a reader that vanished would look like a job that stands still.
            failure.compareAndSet(null, e);
        }
    }

    private void take(Received received) {
        if (received.value() instanceof Prediction prediction) {
            state.prediction(prediction);
        } else if (received.value() instanceof AttentionSummary summary) {
            state.attention(summary);
        } else if (received.value() instanceof PosteriorMessage message) {
            state.posterior(message);
        } else if (received.value() instanceof Evaluation evaluation) {
            state.evaluation(evaluation);
        } else if (received.value() instanceof DeadLetter letter) {
            state.deadLetter(letter);
        }
    }

    /** Throws what ended a reader before its time. */
    public void requireAlive() {
        Throwable cause = failure.get();
        if (cause != null) {
            throw new IllegalStateException("an output topic cannot be read: " + cause.getMessage(), cause);
        }
    }

    /** Stops the readers and waits for them. */
    @Override
    public void close() {
        stopped.set(true);
        for (Thread thread : threads) {
            boolean interrupted = false;
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
