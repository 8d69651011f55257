package io.gmil.model;

/** How sites are computed; a model goes through them in this order (DESIGN §4). */
public enum Phase {
    /** γ stays 0: every cell weighs the same. */
    MEAN_POOLING(0),
    /** u is linearised at the mean, η integrated by Gauss–Hermite. */
    LINEARISED(1),
    /** Averaged over antithetic draws of θ: removes the bias that linearising the softmax leaves in σ_γ². */
    SAMPLED(2);

    private final int code;

    Phase(int code) {
        this.code = code;
    }

    /** The number that stands for it in stored bytes; never reused. */
    public int code() {
        return code;
    }

    /** The phase of a stored number. */
    public static Phase of(int code) {
        for (Phase phase : values()) {
            if (phase.code == code) {
                return phase;
            }
        }
        throw new IllegalArgumentException("phase: expected 0 to 2, got " + code);
    }
}
