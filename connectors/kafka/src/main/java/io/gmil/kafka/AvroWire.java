package io.gmil.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;

/**
 * Turns records of one type into Avro single-object encoding (C3 01, the CRC-64-AVRO fingerprint of the writer's schema,
 * the fields) and back. Values of every released version of the schema are read. Buffers are reused: an instance belongs
 * to one thread.
 */
public final class AvroWire<T extends SpecificRecord> {

    private static final int HEADER_BYTES = 10;
    private static final short MARKER = (short) 0xC301;

    private final String name;
    private final byte[] header;
    private final DatumWriter<T> writer;
    private final Map<Long, DatumReader<T>> readers = new HashMap<>();
    private final RecordBytes bytes = new RecordBytes();
    private BinaryEncoder encoder;
    private BinaryDecoder decoder;

    private AvroWire(Class<T> type, List<Schema> olderWriters) {
        SpecificData model = SpecificData.getForClass(type);
        Schema schema = model.getSchema(type);
        name = schema.getName();
        header = header(schema);
        writer = new SpecificDatumWriter<>(schema, model);
        for (Schema older : olderWriters) {
            readers.put(fingerprint(older), new SpecificDatumReader<>(older, schema, model));
        }
        readers.put(fingerprint(schema), new SpecificDatumReader<>(schema, schema, model));
    }

    /** The wire format of a generated class, reading all released versions of its schema. */
    public static <T extends SpecificRecord> AvroWire<T> of(Class<T> type) {
        return new AvroWire<>(type, SchemaHistory.of(type.getName()));
    }

    /** As {@link #of(Class)}, reading further versions too. */
    static <T extends SpecificRecord> AvroWire<T> of(Class<T> type, List<Schema> furtherWriters) {
        List<Schema> writers = new ArrayList<>(SchemaHistory.of(type.getName()));
        writers.addAll(furtherWriters);
        return new AvroWire<>(type, writers);
    }

    /**
     * The bytes of a record, in an array of their own.
     *
     * @throws IllegalArgumentException when the record lacks a required field
     */
    public byte[] encode(T record) {
        try {
            bytes.write(header, 0, HEADER_BYTES);
            encoder = EncoderFactory.get().binaryEncoder(bytes, encoder);
            writer.write(record, encoder);
            encoder.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NullPointerException | ClassCastException | AvroRuntimeException e) {
            // The encoder may still hold half a record.
            encoder = null;
            bytes.clear();
            throw new IllegalArgumentException("not a complete " + name + ": " + e.getMessage(), e);
        }
    }

    /**
     * The record in a value. Byte fields are copies; the value may be reused afterwards.
     *
     * @throws WireException when the value is null, foreign, of an unknown schema, cut off or too long
     */
    public T decode(byte[] value) throws WireException {
        return decode(value, null);
    }

    /**
     * As {@link #decode(byte[])}, into a record that is no longer needed: its byte fields are filled again where they are
     * long enough.
     *
     * @param reuse may be null; of no use any more when this throws
     */
    public T decode(byte[] value, T reuse) throws WireException {
        DatumReader<T> reader = reader(value);
        T record;
        boolean end;
        try {
            decoder = DecoderFactory.get().binaryDecoder(value, HEADER_BYTES, value.length - HEADER_BYTES, decoder);
            record = reader.read(reuse, decoder);
            end = decoder.isEnd();
        } catch (IOException | RuntimeException e) {
            // Avro reports damaged values by many exceptions, index out of bounds among them.
            throw new WireException(name + " of " + value.length + " bytes is cut off or damaged: " + e, e);
        }
        if (!end) {
            throw new WireException(name + " of " + value.length + " bytes: expected its end, got further bytes");
        }
        return record;
    }

    private DatumReader<T> reader(byte[] value) throws WireException {
        if (value == null) {
            throw new WireException("expected a " + name + ", got no value");
        }
        if (value.length < HEADER_BYTES) {
            throw new WireException("expected a " + name + ", got " + value.length + " bytes");
        }
        ByteBuffer head = ByteBuffer.wrap(value);
        short marker = head.getShort();
        if (marker != MARKER) {
            throw new WireException(String.format(
                    "expected a %s in Avro single-object encoding (C301), got a value that begins with %04X",
                    name, marker));
        }
        long fingerprint = head.order(ByteOrder.LITTLE_ENDIAN).getLong();
        DatumReader<T> reader = readers.get(fingerprint);
        if (reader == null) {
            throw new WireException(String.format(
                    "expected a %s of one of %d known schemas, got fingerprint %016X",
                    name, readers.size(), fingerprint));
        }
        return reader;
    }

    private static byte[] header(Schema schema) {
        return ByteBuffer.allocate(HEADER_BYTES)
                .putShort(MARKER)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(fingerprint(schema))
                .array();
    }

    private static long fingerprint(Schema schema) {
        return SchemaNormalization.parsingFingerprint64(schema);
    }
}
