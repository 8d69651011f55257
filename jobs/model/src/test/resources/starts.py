"""Writes starts.json: the authors' starts of small cohorts, computed plainly with numpy and scipy.

    python3 starts.py > starts.json

The mixed model is statsmodels' BinomialBayesMixedGLM.fit_vb (its ELBO by the same rule of 10 nodes over 5 standard
deviations), the classes are scikit-learn's LogisticRegressionCV (5 unshuffled stratified folds, 10 penalties, lbfgs).
"""
import json

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logsumexp

rng = np.random.default_rng(20231104)
N, Q, K = 30, 3, 2


def cohort():
    sizes = rng.integers(1, 5, N)
    x = [np.round(rng.standard_normal((n, Q)) + rng.standard_normal(Q), 4) for n in sizes]
    return x, np.c_[np.ones(N), np.round(rng.standard_normal(N), 4)]


def mixed_model(f, x, y):
    nodes, weights = np.polynomial.legendre.leggauss(10)
    z, weights = 5 * nodes, 5 * weights * np.exp(-(5 * nodes) ** 2 / 2) / np.sqrt(2 * np.pi)
    k, q = f.shape[1], x.shape[1]

    def negative_elbo(p):
        m, s = p[:k + 1 + q], np.exp(p[k + 1 + q:])
        ma, mt, mv, sa, st, sv = m[:k], m[k], m[k + 1:], s[:k], s[k], s[k + 1:]
        mean, sd = f @ ma + x @ mv, np.sqrt(f ** 2 @ sa ** 2 + x ** 2 @ sv ** 2)
        softplus = np.logaddexp(0, mean[:, None] + sd[:, None] * z) @ weights
        return -(y @ mean - softplus.sum() + np.log(s).sum() - (ma ** 2 + sa ** 2).sum() / 8 - (mt ** 2 + st ** 2) / 2
                 - np.exp(2 * st ** 2 - 2 * mt) * (mv ** 2 + sv ** 2).sum() / 2 - q * mt)

    p = np.r_[np.zeros(k + 1 + q), -0.5 * np.ones(k + 1 + q)]
    for _ in range(5):
        p = minimize(negative_elbo, p, method="BFGS", options=dict(gtol=1e-7)).x
    return p[:k], p[k + 1:k + 1 + q], np.exp(p[-q:])


def binomial(x, f, y, trials):
    means = np.array([c.mean(0) for c in x])
    means -= means.mean(0)
    means /= np.sqrt((means ** 2).sum() / (N - 1))
    rows, effects = np.repeat(means, trials, 0), np.repeat(f, trials, 0)
    mu, sd, var, alpha = [], [], [], []
    for column in y.T:
        labels = np.array([1.0 if column[i] > t else 0.0 for i in range(N) for t in range(trials)])
        a, v, s = mixed_model(effects, rows, labels)
        scale = (rows[::2] @ v).std() / np.sqrt((v ** 2).mean())
        mu.append(scale * v), sd.append(scale * s), alpha.append(a)
        var.append(((scale * v) ** 2 + (scale * s) ** 2).mean())
    return dict(muZ=mu, sdZ=sd, varZ=var, alpha=np.array(alpha).T)


def softmax_regression(x, y, classes, c):
    design, one_hot = np.c_[x, np.ones(len(x))], np.eye(classes)[y]

    def value(p):
        b = p.reshape(classes, -1)
        logits = design @ b.T
        residual = np.exp(logits - logsumexp(logits, axis=1, keepdims=True)) - one_hot
        ridge = np.c_[b[:, :-1], np.zeros(classes)]
        loss = (logsumexp(logits, axis=1) - (logits * one_hot).sum(1)).sum() + (ridge ** 2).sum() / (2 * c)
        return loss, (residual.T @ design + ridge / c).ravel()

    p = np.zeros(classes * (x.shape[1] + 1))
    for _ in range(5):
        p = minimize(value, p, jac=True, method="BFGS", options=dict(gtol=1e-9)).x
    return p.reshape(classes, -1)


def folds(y, classes):
    """scikit-learn's StratifiedKFold(5), classes numbered by first appearance."""
    first = [int(np.flatnonzero(y == c)[0]) for c in range(classes)]
    encoded = np.argsort(np.argsort(first))[y]
    ordered = np.sort(encoded)
    allocation = np.array([np.bincount(ordered[i::5], minlength=classes) for i in range(5)])
    result = np.empty(len(y), int)
    for c in range(classes):
        result[encoded == c] = np.arange(5).repeat(allocation[:, c])
    return result


def categorical(x, f, y, classes):
    means = np.array([c.mean(0) for c in x])
    explained = np.linalg.lstsq(f, means, rcond=None)[0]
    rows = means - f @ explained
    rows = (rows - rows.mean(0)) / (rows.std(0) * np.sqrt(Q))
    fold, penalties = folds(y, classes), 10.0 ** np.linspace(-4, 4, 10)
    accuracy = [np.mean([np.mean(np.argmax(
        np.c_[rows[fold == k], np.ones((fold == k).sum())] @ softmax_regression(
            rows[fold != k], y[fold != k], classes, c).T, axis=1) == y[fold == k]) for k in range(5)]) for c in penalties]
    best = int(np.argmax(np.round(accuracy, 10)))
    b = softmax_regression(rows, y, classes, penalties[best])
    b = b[1:] if classes == 2 else b
    mu = np.array([beta * (rows @ beta).std() / np.sqrt((beta ** 2).mean()) for beta in b[:, :-1]])
    tenth = 0.1 * (mu ** 2).mean()
    alpha = np.outer(np.linalg.pinv(f).sum(1), b[:, -1]) - explained @ mu.T
    return dict(best=best, muZ=mu, sdZ=np.full(mu.shape, np.sqrt(tenth)), varZ=(mu ** 2 + tenth).mean(1), alpha=alpha)


def case(name, x, f, y, start):
    return dict(name=name, X=x, F=f, Y=y, start=start)


def cases():
    for trials, outputs in [(1, 1), (2, 2)]:
        x, f = cohort()
        effects = np.array([c.mean(0) for c in x]) @ rng.standard_normal((Q, outputs))
        y = rng.binomial(trials, expit(0.5 + 1.5 * effects)).astype(float)
        yield case("binomial%d" % trials, x, f, y, binomial(x, f, y, trials))
    for classes in [2, 3]:
        x, f = cohort()
        logits = 2 * np.array([c.mean(0) for c in x]) @ rng.standard_normal((Q, classes))
        y = np.argmax(logits + rng.gumbel(size=logits.shape), axis=1)
        yield case("categorical%d" % classes, x, f, y[:, None], categorical(x, f, y, classes))


def plain(value):
    if isinstance(value, dict):
        return {k: v if isinstance(v, str) else plain(v) for k, v in value.items()}
    return [plain(v) for v in value] if isinstance(value, (list, np.ndarray)) else float("%.10g" % value)


print(json.dumps([plain(c) for c in cases()]))
