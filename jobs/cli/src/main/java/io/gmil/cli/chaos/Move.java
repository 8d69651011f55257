package io.gmil.cli.chaos;

/**
 * Something that is sent of a patient, who has one sample.
 *
 * @param bagRevision of the sample
 * @param labelRevision of its label; -1 where it has none
 * @param successes the label
 */
record Move(Kind kind, int patient, int bagRevision, int labelRevision, int successes) {

    enum Kind {
        /** A bag with its label. */
        ADMIT,
        /** A bag that stays without a label. */
        PREDICT,
        /** The next revision of a bag. */
        REVISE,
        /** All records of a bag once more. */
        REPEAT,
        /** Another label. */
        CORRECT,
        /** The label is withdrawn. */
        RETRACT,
        /** The patient is to be erased. */
        ERASE
    }

    /** Whether it is a revision of a bag that was not sent before. */
    boolean bag() {
        return kind == Kind.ADMIT || kind == Kind.PREDICT || kind == Kind.REVISE;
    }
}
