package io.gmil.stream.saved;

/** A saved model that cannot be read, or not be used where it is to be used: what, expected, got, where, in one line. */
public final class ModelException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ModelException(String message) {
        super(message);
    }
}
