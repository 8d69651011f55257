package io.gmil.stream.bags;

import io.gmil.schema.DeadLetter;
import java.nio.ByteBuffer;

/**
 * Keeps dead letters far below what the broker takes. A letter that is too large would fail the job, and again after every restart,
 * since its record is read again.
 */
final class LetterSize {

    /** Of the record; larger ones are found in their topic while it keeps them. */
    static final int RECORD_BYTES = 1 << 20;

    /** Of the cause, which quotes the record. */
    static final int CAUSE_CHARS = 4_000;

    /** Of each id. */
    static final int ID_CHARS = 1_000;

    private LetterSize() {}

    /** The letter itself, with what is too long cut or left out; the cause says so. */
    static DeadLetter bounded(DeadLetter letter) {
        letter.setKey(cut(letter.getKey(), ID_CHARS));
        letter.setSampleId(cut(letter.getSampleId(), ID_CHARS));
        String cause = cut(letter.getCause(), CAUSE_CHARS);
        ByteBuffer record = letter.getRecord();
        if (record != null && record.remaining() > RECORD_BYTES) {
            cause += " (left out here: the record of %d bytes, more than %d)"
                    .formatted(record.remaining(), RECORD_BYTES);
            letter.setRecord(null);
        }
        letter.setCause(cause);
        return letter;
    }

    private static String cut(String text, int chars) {
        return text == null || text.length() <= chars
                ? text
                : text.substring(0, chars) + "... (%d characters)".formatted(text.length());
    }
}
