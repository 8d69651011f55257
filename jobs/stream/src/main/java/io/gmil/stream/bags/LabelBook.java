package io.gmil.stream.bags;

import io.gmil.schema.Label;
import io.gmil.stream.OutcomeConfig;
import io.gmil.stream.state.OutcomeState;

/** How labels of one outcome of one sample follow each other. Pure: it only changes the record it is given. */
final class LabelBook {

    private LabelBook() {}

    /**
     * Applies a label.
     *
     * @param place where the record is, for the message
     * @return whether it changes what is known; a repeated or outdated one does not
     * @throws RejectedRecord for a contradiction of the same revision
     */
    static boolean accept(OutcomeState state, Label label, OutcomeConfig outcome, String place) throws RejectedRecord {
        int trials = Records.trials(label, outcome, place);
        if (label.getRevision() < state.getLabelRevision()) {
            return false;
        }
        if (label.getRevision() == state.getLabelRevision()) {
            boolean same = state.getLabelled() != label.getRetracted()
                    && (label.getRetracted() || state.getValue() == label.getValue() && state.getTrials() == trials);
            if (!same) {
                throw new RejectedRecord(
                        label.getSampleId(),
                        "label '%s' of sample '%s' revision %d (%s): expected %s as before, got %s",
                        label.getOutcome(),
                        label.getSampleId(),
                        label.getRevision(),
                        place,
                        state.getLabelled() ? state.getValue() : "a retraction",
                        label.getRetracted() ? "a retraction" : label.getValue());
            }
            return false;
        }
        state.setLabelRevision(label.getRevision());
        state.setLabelled(!label.getRetracted());
        state.setValue(label.getRetracted() ? 0 : label.getValue());
        state.setTrials(trials);
        return true;
    }
}
