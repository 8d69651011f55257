"""Writes golden.json, what the numpy reference computes on four small ragged bags.

    python3 golden.py <folder of gmil_reference.py> > golden.json

Cells are raw float32; the reference sees them scaled, x' = (x - mean) / (sd sqrt(Q)), in float64.
"""
import json
import sys

import numpy as np

sys.path.insert(0, sys.argv[1])
from gmil_reference import Gmil, bag_statistics  # noqa: E402

K, Q, TRIALS, DRAWS = 2, 3, 2, 4
D = K + 2 * Q
rng = np.random.default_rng(20231104)
sizes = [1, 7, 4, 12]
raw = [(rng.standard_normal((n, Q)) * [1.5, 0.2, 30] + [0, 5, -100]).astype(np.float32) for n in sizes]
mean, sd = np.array([0.1, 5.2, -95.0]), np.array([1.4, 0.25, 28.0])
bags = [(x.astype(np.float64) - mean) / (sd * np.sqrt(Q)) for x in raw]
F = np.c_[np.ones(4), rng.standard_normal(4)]
y = np.array([0.0, 2.0, 1.0, 2.0])
starts = np.r_[0, np.cumsum(sizes)]


class Draws:
    """Base noise that is known beforehand."""

    def standard_normal(self, shape):
        self.e = rng.standard_normal(shape)
        return self.e


def statistics(theta):
    w, u, z, g = bag_statistics(np.concatenate(bags), starts, theta[K:K + Q, None], theta[K + Q:, None])
    return dict(theta=theta, w=w[:, 0], u=u[:, 0], z=z[:, 0], g=g[:, 0])


def site_list(model, ids):
    return [dict(bag=int(i), H=model.sites[i][0], h=model.sites[i][1]) for i in ids]


def sites(attention, samples):
    """Sites of all bags at a posterior away from its prior."""
    model = Gmil(Q, K, TRIALS)
    A = rng.standard_normal((D, D))
    model.H = A @ A.T
    model._solve(0.0)
    model.m = rng.standard_normal(D)
    if not attention:
        model.m[K:K + Q] = 0
    at = model.m.copy()
    L = np.linalg.cholesky(np.linalg.inv(model.S))
    result = dict(mean=at, inverse_cholesky=np.linalg.inv(L)[np.tril_indices(D)])
    draws = Draws()
    chol = np.linalg.cholesky(model.S)
    model.damping = 0.0
    model.visit(range(4), bags, F, y, samples=samples, attention=attention, rng=draws)
    if samples:
        result['draws'] = (at[:, None] + chol @ np.c_[draws.e, -draws.e]).T
    result['sites'] = site_list(model, range(4))
    return result


def visits():
    model, log, draws = Gmil(Q, K, TRIALS), [], Draws()
    phases = ['MEAN_POOLING'] * 4 + ['LINEARISED'] * 4 + ['SAMPLED'] * 6
    for step, phase in enumerate(phases, 1):
        ids = [0, 1] if step % 2 else [2, 3]
        before, chol = model.m.copy(), np.linalg.cholesky(model.S)
        samples = DRAWS if phase == 'SAMPLED' else 0
        model.visit(ids, [bags[i] for i in ids], F[ids], y[ids], samples, phase != 'MEAN_POOLING', draws)
        theta = (before[:, None] + chol @ np.c_[draws.e, -draws.e]).T if samples else []
        if step % 2 == 0:
            model.empirical_bayes(gamma_too=phase == 'SAMPLED')
        log.append(dict(phase=phase, ids=ids, draws=theta, mean=model.m.copy(), covariance=np.diag(model.S),
                        sigma2_gamma=model.s2g, sigma2_beta=model.s2b))
    return log


def plain(value):
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, np.ndarray):
        return value.tolist()
    return value


theta = rng.standard_normal(D) * 2
json.dump(plain(dict(
    Q=Q, K=K, trials=TRIALS, scaler_mean=mean, scaler_sd=sd, cells=[x.ravel().astype(np.float64) for x in raw],
    fixed_effects=F, y=y, statistics=statistics(theta), mean_pooling=sites(False, 0), linearised=sites(True, 0),
    sampled=sites(True, DRAWS), visits=visits())), sys.stdout, separators=(',', ':'))
