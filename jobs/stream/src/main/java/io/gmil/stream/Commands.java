package io.gmil.stream;

import io.gmil.kafka.AvroWire;
import io.gmil.kafka.WireException;
import io.gmil.schema.Control;
import io.gmil.schema.ControlKind;
import io.gmil.schema.PosteriorMessage;
import io.gmil.stream.state.BagEvent;
import io.gmil.stream.state.ScalerInput;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;

/** Sends every command where it is carried out. */
final class Commands {

    private Commands() {}

    /** A command for the bags goes to every shard; one that cannot be read to a single one, which rejects it. */
    static final class ToShards extends RichFlatMapFunction<BagEvent, BagEvent> {

        private static final long serialVersionUID = 1L;

        private final JobConfig config;
        private final Shards shards;
        private transient AvroWire<Control> wire;

        ToShards(JobConfig config) {
            this.config = config;
            this.shards = new Shards(config.shards());
        }

        @Override
        public void open(OpenContext context) {
            wire = AvroWire.of(Control.class);
        }

        @Override
        public void flatMap(BagEvent event, Collector<BagEvent> out) {
            Control control = read(wire, event);
            if (!valid(control, config)) {
                out.collect(event);
                return;
            }
            switch (control.getKind()) {
                case SET_SCALER, PIN_POSTERIOR, UNPIN_POSTERIOR -> {
                    // Carried out elsewhere.
                }
                case ERASE_PATIENT -> {
                    // Learners have the others compute their sites anew.
                    int shard = shards.of(control.getPatientId());
                    out.collect(BagEvent.newBuilder(event).setShard(shard).build());
                }
                default -> toAll(event, out);
            }
        }

        private void toAll(BagEvent event, Collector<BagEvent> out) {
            for (int i = 0; i < shards.count(); i++) {
                out.collect(BagEvent.newBuilder(event).setShard(shards.key(i)).build());
            }
        }
    }

    /** Those commands for the bags that concern predictions, as {@link ToShards} sends them. */
    static final class ToScoring extends RichFlatMapFunction<BagEvent, BagEvent> {

        private static final long serialVersionUID = 1L;

        private final JobConfig config;
        private final ToShards all;
        private transient AvroWire<Control> wire;

        ToScoring(JobConfig config) {
            this.config = config;
            this.all = new ToShards(config);
        }

        @Override
        public void open(OpenContext context) {
            wire = AvroWire.of(Control.class);
            all.open(context);
        }

        @Override
        public void flatMap(BagEvent event, Collector<BagEvent> out) {
            Control control = read(wire, event);
            if (!valid(control, config)
                    || control.getKind() == ControlKind.SCORE_ALL
                    || control.getKind() == ControlKind.ERASE_PATIENT) {
                all.flatMap(event, out);
            }
        }
    }

    /** What predictions are made with, by command: goes to all readers of posteriors. */
    static final class ToPredictions extends RichFlatMapFunction<BagEvent, BagEvent> {

        private static final long serialVersionUID = 1L;

        private final JobConfig config;
        private transient AvroWire<Control> wire;

        ToPredictions(JobConfig config) {
            this.config = config;
        }

        @Override
        public void open(OpenContext context) {
            wire = AvroWire.of(Control.class);
        }

        @Override
        public void flatMap(BagEvent event, Collector<BagEvent> out) {
            Control control = read(wire, event);
            if (valid(control, config)
                    && (control.getKind() == ControlKind.PIN_POSTERIOR
                            || control.getKind() == ControlKind.UNPIN_POSTERIOR)) {
                out.collect(event);
            }
        }
    }

    /** The scalers that commands set. */
    static final class ToScaler extends RichFlatMapFunction<BagEvent, ScalerInput> {

        private static final long serialVersionUID = 1L;

        private final JobConfig config;
        private transient AvroWire<Control> wire;
        private transient AvroWire<PosteriorMessage> messages;

        ToScaler(JobConfig config) {
            this.config = config;
        }

        @Override
        public void open(OpenContext context) {
            wire = AvroWire.of(Control.class);
            messages = AvroWire.of(PosteriorMessage.class);
        }

        @Override
        public void flatMap(BagEvent event, Collector<ScalerInput> out) {
            Control control = read(wire, event);
            if (!valid(control, config) || control.getKind() != ControlKind.SET_SCALER) {
                return;
            }
            PosteriorMessage message = new PosteriorMessage(control.getScaler());
            out.collect(
                    PublishedScalers.input(message, messages.encode(message)).build());
        }
    }

    private static boolean valid(Control control, JobConfig config) {
        return control != null
                && control.getStudy().equals(config.study())
                && CommandCheck.problem(control, config).isEmpty();
    }

    private static Control read(AvroWire<Control> wire, BagEvent event) {
        try {
            return wire.decode(Bytes.array(event.getValue()));
        } catch (WireException e) {
            // The bags operator reads it again and writes the dead letter.
            return null;
        }
    }
}
