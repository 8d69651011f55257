package io.gmil.stream.bags;

/** A record that cannot be used; it becomes a dead letter. Carries no stack trace: it is an expected event. */
final class RejectedRecord extends Exception {

    private static final long serialVersionUID = 1L;

    private final String sample;

    /** @param sample the sample it speaks of, or null where that could not be read */
    RejectedRecord(String sample, String cause, Object... arguments) {
        super(cause.formatted(arguments), null, false, false);
        this.sample = sample;
    }

    String sample() {
        return sample;
    }
}
