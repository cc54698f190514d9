"""Loss, gradient, whole Hessian and Gauss-Newton matrix of a PyTorch network in float64 by double backward, and their eigenvalues."""
import json

import numpy as np
import torch
from torch.nn import functional as F

TOP = 20


def loss_of(kind, outputs, targets):
    """Mean over samples; the squared error is 1/(2N) of the sum."""
    if kind == "cross-entropy":
        return F.cross_entropy(outputs, targets)
    return ((outputs - targets) ** 2).sum() / (2 * outputs.shape[0])


def flat_gradient(value, parameters, keep=True, create=False):
    gradients = torch.autograd.grad(value, parameters, retain_graph=keep, create_graph=create, allow_unused=True)
    return torch.cat([(torch.zeros_like(p) if g is None else g).reshape(-1) for g, p in zip(gradients, parameters)])


def hessian(loss, parameters):
    """Row i is the gradient of entry i of the gradient; the asymmetry is returned, the matrix symmetrised."""
    gradient = flat_gradient(loss, parameters, create=True)
    rows = np.stack([flat_gradient(entry, parameters).numpy() for entry in gradient])
    asymmetry = np.abs(rows - rows.T).max() / np.abs(rows).max()
    assert asymmetry < 1e-12, asymmetry
    return gradient.detach().numpy(), (rows + rows.T) / 2, float(asymmetry)


def gauss_newton(kind, outputs, parameters):
    """(1/N) sum of J' H J with the loss's Hessian H at the outputs: diag(p) - p p', or 1."""
    samples, classes = outputs.shape
    jacobian = np.stack([flat_gradient(entry, parameters).numpy() for entry in outputs.reshape(-1)]).reshape(samples, classes, -1)
    if kind == "cross-entropy":
        p = torch.softmax(outputs.detach(), 1).numpy()
        metric = np.einsum("ni,ij->nij", p, np.eye(classes)) - np.einsum("ni,nj->nij", p, p)
    else:
        metric = np.broadcast_to(np.eye(classes), (samples, classes, classes))
    return np.einsum("nip,nij,njq->pq", jacobian, metric, jacobian, optimize=True) / samples


def top(values, count=TOP):
    return [float(value) for value in values[::-1][:count]]


def smallest_gap(values):
    """The smallest relative distance of two neighbours among the stored ones: 0 is a multiple eigenvalue."""
    kept = np.array(top(values, TOP + 1))
    return float(np.min(np.abs(np.diff(kept))) / np.abs(kept).max())


def reference(network, names, x, targets, kind):
    """names: file's name -> (parameter, is it a layer's weight)."""
    parameters = [parameter for parameter, _ in names.values()]
    outputs = network(x)
    loss = loss_of(kind, outputs, targets)
    gradient, full, asymmetry = hessian(loss, parameters)
    curvature = gauss_newton(kind, outputs, parameters)
    values, products = np.linalg.eigvalsh(full), np.linalg.eigvalsh(curvature)
    blocks, layers, start = [], [], 0
    for name, (parameter, weight) in names.items():
        span = slice(start, start + parameter.numel())
        start = span.stop
        blocks.append({"name": name, "size": parameter.numel(), "gradientNorm": float(np.linalg.norm(gradient[span]))})
        if weight:
            layers.append({"name": name, "hessian": top(np.linalg.eigvalsh(full[span, span])), "gaussNewton": top(np.linalg.eigvalsh(curvature[span, span]))})
    return {
        "logits": outputs.detach().reshape(-1).tolist(), "dataLoss": loss.item(), "gradientNorm": float(np.linalg.norm(gradient)), "parameters": start,
        "blocks": blocks, "hessian": top(values), "hessianSmallest": top(values[:5], 5), "hessianTrace": float(np.trace(full)), "gaussNewton": top(products),
        "layers": layers, "asymmetry": asymmetry, "smallestGap": {"hessian": smallest_gap(values), "gaussNewton": smallest_gap(products)}}


def write_json(path, document):
    with open(path, "w", encoding="utf-8") as file:
        file.write("{\n" + ",\n".join(f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in document.items()) + "\n}\n")
