package io.gmil.kafka;

import java.io.IOException;

/** A value that is not a record of the expected type in the wire format: what, expected, got. */
public final class WireException extends IOException {

    private static final long serialVersionUID = 1L;

    WireException(String message) {
        super(message);
    }

    WireException(String message, Throwable cause) {
        super(message, cause);
    }
}
