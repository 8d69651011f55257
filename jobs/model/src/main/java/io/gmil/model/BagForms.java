package io.gmil.model;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The {@link BagForm} of every dimension, made when first asked for. Thread-confined. */
final class BagForms {
    private final boolean allowed;
    private final Map<Integer, Optional<BagForm>> forms = new HashMap<>();

    /** @param allowed whether to load the native library for it */
    BagForms(boolean allowed) {
        this.allowed = allowed;
    }

    /**
     * For so many J.
     *
     * @return null where one J after the other is faster, or where the library would give other bits
     */
    BagForm of(int dimension, int count) {
        if (!allowed || count < BagForm.WORTHWHILE) {
            return null;
        }
        return forms.computeIfAbsent(dimension, BagForms::inOrder).orElse(null);
    }

    private static Optional<BagForm> inOrder(int dimension) {
        Nd4jSelfTest.require();
        return Optional.of(new BagForm(dimension)).filter(BagForm::inOrder);
    }
}
