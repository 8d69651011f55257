package io.gmil.kafka;

import java.time.Instant;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * A record that was read, with its place.
 *
 * @param writtenAt when it was written, by the producer's clock
 * @param key empty where the record has none
 * @param value of the topic's {@link Topic#recordClass()}; null for a tombstone of {@link Topic#POSTERIOR}
 */
public record Received(
        Topic topic, int partition, long offset, Instant writtenAt, String key, SpecificRecordBase value) {}
