package io.gmil.model;

import java.util.List;

/**
 * What one outcome of a bag would be predicted to be, had the fit not known it; see {@link LeaveOneOut}.
 *
 * @param predictions without the bag, one for each class
 * @param influence how far the bag moves the posterior, √Σ δᵀΛδ over classes, δ = Λ₋⁻¹(h − H m): in posterior standard
 *     deviations
 * @param leverage tr(Λ⁻¹H) over classes: of how many parameters the bag has the say; the sum over bags is the effective
 *     number of parameters
 */
public record LeftOut(List<BagPrediction> predictions, double influence, double leverage) {
    public LeftOut {
        predictions = List.copyOf(predictions);
    }
}
