package io.gmil.stream.learn;

import io.gmil.schema.LabelledSample;

/**
 * A sample of an audit record as the state of a learner keeps it: id and two revisions, with tabs between. Read from the right, since
 * state may hold ids with tabs, of records that were taken before these were refused.
 */
final class AuditLine {

    private static final char SEPARATOR = '\t';

    private AuditLine() {}

    static String of(String sample, int bagRevision, int labelRevision) {
        return sample + SEPARATOR + bagRevision + SEPARATOR + labelRevision;
    }

    static LabelledSample parse(String line) {
        int label = line.lastIndexOf(SEPARATOR);
        int bag = line.lastIndexOf(SEPARATOR, label - 1);
        return new LabelledSample(
                line.substring(0, bag),
                Integer.parseInt(line.substring(bag + 1, label)),
                Integer.parseInt(line.substring(label + 1)));
    }

    static boolean isOf(String sample, String line) {
        return parse(line).getSampleId().equals(sample);
    }
}
