package io.gmil.cli.control;

import io.gmil.cli.UsageException;
import io.gmil.kafka.AvroWire;
import io.gmil.kafka.GmilProducer;
import io.gmil.kafka.Topic;
import io.gmil.schema.Audit;
import io.gmil.schema.Control;
import io.gmil.schema.ControlKind;
import io.gmil.schema.ErasureReceipt;
import io.gmil.schema.Posterior;
import io.gmil.schema.PosteriorMessage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells a running job what to do, by way of the control topic. */
@Command(
        name = "control",
        description = "Tells a running job what to do, by way of the topic gmil.control.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
public final class ControlCommand implements Runnable {

    private static final int INTERRUPTED = 1;

    @Spec
    private CommandSpec spec;

    private final Clock clock = Clock.systemUTC();

    @Override
    public void run() {
        throw new UsageException(
                "expected a command: " + String.join(", ", spec.subcommands().keySet()));
    }

    @Command(
            name = "erase",
            description = "Takes a patient out: cells, labels and sites go, and records that come later are refused.",
            mixinStandardHelpOptions = true)
    int erase(
            @Mixin TopicArguments topics,
            @Parameters(paramLabel = "PATIENT") String patient,
            @Option(names = "--exact", description = "Learn anew from the rest, so that no trace of influence stays.")
                    boolean exact,
            @Option(
                            names = "--wait",
                            paramLabel = "SECONDS",
                            defaultValue = "60",
                            description = "How long to wait for the receipt (default: 60).")
                    int wait)
            throws IOException {
        if (patient.isBlank()) {
            throw new UsageException("patient: expected an id, got none");
        }
        TopicArguments.Place place = topics.place();
        String id = send(
                place,
                command(place, ControlKind.ERASE_PATIENT).setPatientId(patient).setExact(exact));
        Audit audit = TopicRecords.await(
                place.kafka(),
                Topic.AUDIT,
                Audit.class,
                each -> each.getReceipt() != null
                        && each.getReceipt().getCommandId().equals(id),
                Duration.ofSeconds(wait));
        if (audit == null) {
            out().println("no receipt within " + wait
                    + " s: is the job running? It will carry the command out when it is.");
            return INTERRUPTED;
        }
        ErasureReceipt receipt = audit.getReceipt();
        out().printf(
                        Locale.ROOT,
                        "erased %d samples, %d labels, %d sites; %s: copies in older checkpoints and topics expire by %s%n",
                        receipt.getSamples(),
                        receipt.getLabels(),
                        receipt.getSites(),
                        receipt.getStage(),
                        receipt.getCompleteAfter());
        return 0;
    }

    @Command(
            name = "pause",
            description = "Publishes no further posteriors; labels are still taken in.",
            mixinStandardHelpOptions = true)
    int pause(@Mixin TopicArguments topics, @Mixin OfOutcome of) throws IOException {
        return send(topics, ControlKind.PAUSE_LEARNING, of);
    }

    @Command(name = "resume", description = "Ends a pause.", mixinStandardHelpOptions = true)
    int resume(@Mixin TopicArguments topics, @Mixin OfOutcome of) throws IOException {
        return send(topics, ControlKind.RESUME_LEARNING, of);
    }

    @Command(name = "refresh", description = "Computes every site anew.", mixinStandardHelpOptions = true)
    int refresh(@Mixin TopicArguments topics, @Mixin OfOutcome of) throws IOException {
        return send(topics, ControlKind.REFRESH_ALL, of);
    }

    @Command(
            name = "snapshot",
            description = "Keeps the posterior as it is in the history; those that rest are kept anyway.",
            mixinStandardHelpOptions = true)
    int snapshot(@Mixin TopicArguments topics, @Mixin OfOutcome of) throws IOException {
        return send(topics, ControlKind.SNAPSHOT, of);
    }

    @Command(
            name = "score-all",
            description = "Predicts every complete sample with the newest posterior, as FINAL.",
            mixinStandardHelpOptions = true)
    int scoreAll(
            @Mixin TopicArguments topics,
            @Option(names = "--top-k", paramLabel = "N", description = "Cells listed of each sample; 0 for all.")
                    Integer topK)
            throws IOException {
        if (topK != null && topK < 0) {
            throw new UsageException("--top-k: expected 0 or more, got " + topK);
        }
        TopicArguments.Place place = topics.place();
        send(place, command(place, ControlKind.SCORE_ALL).setTopK(topK));
        return 0;
    }

    @Command(
            name = "versions",
            description = "Lists the posteriors that can be pinned.",
            mixinStandardHelpOptions = true)
    int versions(@Mixin TopicArguments topics) throws IOException {
        TopicArguments.Place place = topics.place();
        out().printf("%-24s %-16s %-12s %8s  %s%n", "version", "outcome", "phase", "labelled", "published");
        for (Posterior each : History.read(place.kafka(), place.study()).all()) {
            out().printf(
                            Locale.ROOT,
                            "%-24s %-16s %-12s %8d  %s%n",
                            History.name(each),
                            each.getOutcome(),
                            each.getPhase(),
                            each.getLabelledBags(),
                            each.getPublishedAt());
        }
        return 0;
    }

    @Command(
            name = "pin",
            description = "Predicts with an earlier posterior from now on; learning goes on.",
            mixinStandardHelpOptions = true)
    int pin(
            @Mixin TopicArguments topics,
            @Mixin OfOutcome of,
            @Parameters(paramLabel = "VERSION", description = "As 'versions' lists it, or its number alone.")
                    String version)
            throws IOException {
        TopicArguments.Place place = topics.place();
        Posterior posterior = History.read(place.kafka(), place.study()).find(version, of.outcome());
        byte[] message = AvroWire.of(PosteriorMessage.class).encode(new PosteriorMessage(posterior));
        send(place, command(place, ControlKind.PIN_POSTERIOR).setPosterior(ByteBuffer.wrap(message)));
        return 0;
    }

    @Command(name = "unpin", description = "Predicts with the newest posterior again.", mixinStandardHelpOptions = true)
    int unpin(@Mixin TopicArguments topics, @Mixin OfOutcome of) throws IOException {
        return send(topics, ControlKind.UNPIN_POSTERIOR, of);
    }

    /** Which outcome a command is about. */
    static final class OfOutcome {
        @Option(names = "--outcome", paramLabel = "NAME", description = "Of this outcome only (default: all).")
        private Optional<String> outcome = Optional.empty();

        Optional<String> outcome() {
            return outcome;
        }
    }

    private int send(TopicArguments topics, ControlKind kind, OfOutcome of) throws IOException {
        TopicArguments.Place place = topics.place();
        send(place, command(place, kind).setOutcome(of.outcome().orElse(null)));
        return 0;
    }

    private Control.Builder command(TopicArguments.Place place, ControlKind kind) {
        return Control.newBuilder()
                .setCommandId(UUID.randomUUID().toString())
                .setKind(kind)
                .setStudy(place.study())
                .setIssuedAt(clock.instant());
    }

    private String send(TopicArguments.Place place, Control.Builder command) {
        try (GmilProducer producer = GmilProducer.open(place.kafka())) {
            producer.send(command.build());
            producer.flush();
        }
        out().println("sent " + command.getKind() + " to study '" + place.study() + "' (command "
                + command.getCommandId() + ")");
        out().flush();
        return command.getCommandId();
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
