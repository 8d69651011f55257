package io.gmil.cohort;

/** A cohort that cannot be used, in one line for a person: what, expected, got, where. */
public final class CohortException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CohortException(String message) {
        super(message);
    }

    public CohortException(String message, Throwable cause) {
        super(message, cause);
    }
}
