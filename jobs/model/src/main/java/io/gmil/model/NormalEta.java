package io.gmil.model;

/** The linear predictor of a bag for one outcome and class: η ~ N(etaMean, etaVariance). */
interface NormalEta {
    double etaMean();

    double etaVariance();
}
