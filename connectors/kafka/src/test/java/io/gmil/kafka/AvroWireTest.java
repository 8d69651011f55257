package io.gmil.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gmil.schema.AttentionSummary;
import io.gmil.schema.CellChunk;
import io.gmil.schema.Label;
import io.gmil.schema.PosteriorMessage;
import io.gmil.schema.Scaler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AvroWireTest {

    private final AvroWire<CellChunk> chunks = AvroWire.of(CellChunk.class);
    private final AvroWire<Label> labels = AvroWire.of(Label.class);

    @Test
    void returnsWhatWasWritten() throws IOException {
        CellChunk large = Records.chunk("s1", 3, 4266, 30);
        CellChunk small = Records.chunk("s2", 0, 1, 2);

        assertThat(chunks.decode(chunks.encode(large))).isEqualTo(large);
        assertThat(chunks.decode(chunks.encode(small))).isEqualTo(small);
        assertThat(labels.decode(labels.encode(Records.label("s1", 1)))).isEqualTo(Records.label("s1", 1));
    }

    @Test
    void writesTheEncodingOfAvroItself() throws IOException {
        CellChunk chunk = Records.chunk("s1", 3, 4266, 30);
        AttentionSummary attention = Records.attention(20_000);

        assertThat(chunks.encode(chunk)).isEqualTo(Utils.toArray(chunk.toByteBuffer()));
        assertThat(AvroWire.of(AttentionSummary.class).encode(attention))
                .isEqualTo(Utils.toArray(attention.toByteBuffer()));
    }

    @Test
    void leavesTheRecordUntouched() throws IOException {
        CellChunk chunk = Records.chunk("s1", 0, 10, 2);

        chunks.encode(chunk);
        CellChunk decoded = chunks.decode(chunks.encode(chunk));

        assertThat(chunk.getValues().remaining()).isEqualTo(80);
        assertThat(Chunks.verify(decoded)).isEmpty();
    }

    @Test
    void ownsTheBytesItDecodes() throws IOException {
        byte[] value = chunks.encode(Records.chunk("s1", 0, 10, 2));
        CellChunk decoded = chunks.decode(value);

        Arrays.fill(value, (byte) 0);

        assertThat(Chunks.verify(decoded)).isEmpty();
    }

    @Test
    void readsEveryReleasedVersion() throws IOException {
        for (Topic topic : Topic.values()) {
            assertThat(SchemaHistory.of(topic.recordClass().getName()))
                    .as(topic.topicName())
                    .isNotEmpty();
        }
        Schema released = SchemaHistory.of(Label.class.getName()).get(0);

        assertThat(labels.decode(generic(released))).isEqualTo(Records.label("s1", 1));
    }

    @Test
    void readsAnOlderWriterAndFillsInDefaults() throws IOException {
        Schema older = without(Label.getClassSchema(), "trials", "revision", "retracted");

        Label label = AvroWire.of(Label.class, List.of(older)).decode(generic(older));

        assertThat(label).isEqualTo(Records.label("s1", 1));
    }

    @Test
    void readsANewerWriterAndDropsItsFields() throws IOException {
        Schema newer = without(Label.getClassSchema(), "trials");
        Schema added = Schema.createRecord(
                newer.getName(),
                null,
                newer.getNamespace(),
                false,
                Stream.concat(
                                newer.getFields().stream().map(field -> new Field(field, field.schema())),
                                Stream.of(new Field(
                                        "added", SchemaBuilder.builder().intType(), null, 7)))
                        .toList());

        Label label = AvroWire.of(Label.class, List.of(added)).decode(generic(added));

        assertThat(label).isEqualTo(Records.label("s1", 1));
    }

    @Test
    void namesAnUnknownSchema() {
        Schema unknown = without(Label.getClassSchema(), "retracted");

        assertThatThrownBy(() -> labels.decode(generic(unknown)))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("expected a Label of one of")
                .hasMessageContaining("got fingerprint");
    }

    @Test
    void refusesWhatIsNoRecord() {
        assertThatThrownBy(() -> labels.decode(null)).hasMessage("expected a Label, got no value");
        assertThatThrownBy(() -> labels.decode(new byte[3])).hasMessage("expected a Label, got 3 bytes");
        assertThatThrownBy(() -> labels.decode("{\"study\": \"x\"}".getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("got a value that begins with 7B22");
    }

    @Test
    void refusesACutOrLengthenedValue() {
        byte[] value = labels.encode(Records.label("s1", 1));

        assertThatThrownBy(() -> labels.decode(Arrays.copyOf(value, value.length - 1)))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("cut off or damaged");
        assertThatThrownBy(() -> labels.decode(Arrays.copyOf(value, value.length + 1)))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("expected its end");
    }

    @Test
    void namesTheRecordThatLacksAField() {
        Label label = Records.label("s1", 1);
        label.setStudy(null);

        assertThatThrownBy(() -> labels.encode(label))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Label")
                .hasMessageContaining("study");
        assertThatCode(() -> labels.decode(labels.encode(Records.label("s2", 0))))
                .doesNotThrowAnyException();
    }

    /** Whatever arrives: a record, or a WireException; never another exception, never the heap. */
    @ParameterizedTest
    @EnumSource(
            value = Topic.class,
            names = {"CELLS", "LABELS", "ATTENTION", "POSTERIOR"})
    void survivesDamage(Topic topic) {
        byte[] value = sample(topic);
        AvroWire<?> wire = AvroWire.of(topic.recordClass());
        Random random = new Random(1);
        for (int round = 0; round < 3000; round++) {
            byte[] damaged = value.clone();
            for (int i = 0; i <= random.nextInt(3); i++) {
                damaged[10 + random.nextInt(value.length - 10)] = (byte) random.nextInt(256);
            }
            try {
                wire.decode(damaged);
            } catch (WireException e) {
                assertThat(e).hasMessageContaining(topic.recordClass().getSimpleName());
            }
        }
    }

    private byte[] sample(Topic topic) {
        return switch (topic) {
            case CELLS -> chunks.encode(Records.chunk("s1", 0, 3, 2));
            case LABELS -> labels.encode(Records.label("s1", 1));
            case ATTENTION -> AvroWire.of(AttentionSummary.class).encode(Records.attention(3));
            default ->
                AvroWire.of(PosteriorMessage.class)
                        .encode(new PosteriorMessage(new Scaler(
                                "id",
                                "study",
                                "scvi",
                                "1",
                                9L,
                                List.of(1.0),
                                List.of(2.0),
                                List.of(),
                                List.of(),
                                List.of(),
                                null)));
        };
    }

    private static Schema without(Schema schema, String... fields) {
        List<Field> kept = schema.getFields().stream()
                .filter(field -> !List.of(fields).contains(field.name()))
                .map(field -> new Field(field, field.schema()))
                .toList();
        return Schema.createRecord(schema.getName(), null, schema.getNamespace(), false, kept);
    }

    private static byte[] generic(Schema schema) throws IOException {
        GenericRecordBuilder label = new GenericRecordBuilder(schema)
                .set("study", "study")
                .set("sampleId", "s1")
                .set("patientId", "p-s1")
                .set("outcome", "disease")
                .set("value", 1.0)
                .set("labelledAt", Records.TIME.toEpochMilli());
        return Utils.toArray(new BinaryMessageEncoder<GenericRecord>(GenericData.get(), schema).encode(label.build()));
    }
}
