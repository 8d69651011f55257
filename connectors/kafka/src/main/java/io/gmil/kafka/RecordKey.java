package io.gmil.kafka;

import java.io.Serializable;

/** The key a record is written with; records of one key keep their order. */
@FunctionalInterface
public interface RecordKey<T> extends Serializable {

    /** A pseudonymous patient id, or a model key; never null. */
    String of(T record);
}
