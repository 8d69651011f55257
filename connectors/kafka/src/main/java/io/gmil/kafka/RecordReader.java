package io.gmil.kafka;

import java.io.Serializable;

/**
 * Makes a stream element of a Kafka record. Must return an element for every record, damaged ones included: an exception
 * restarts the job, which then reads the same record again.
 */
@FunctionalInterface
public interface RecordReader<OUT> extends Serializable {

    /**
     * The element of one record.
     *
     * @param timestamp milliseconds since 1970, set by the producer
     * @param key may be null
     * @param value null for a tombstone; belongs to the element
     */
    OUT read(String topic, int partition, long offset, long timestamp, byte[] key, byte[] value);
}
