package io.gmil.stream;

import io.gmil.stream.state.BegunWith;
import java.io.Serializable;
import java.util.Map;

/**
 * A saved model as the operators begin with it.
 *
 * @param key of the model
 * @param embedding key of its embedding
 * @param scaler the scaler, as a message of the posterior topic
 * @param posterior version 0, as a message of the posterior topic
 * @param learner what the learner begins with
 * @param learnt the samples in it, with the first digits of their cells' fingerprint
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
public record InitialModel(
        String key, String embedding, byte[] scaler, byte[] posterior, BegunWith learner, Map<String, String> learnt)
        implements Serializable {

    private static final long serialVersionUID = 1L;
}
