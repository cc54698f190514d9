#!/usr/bin/env python3
"""Counts Hessian products for the top pairs of a trained network's Hessian: ARPACK (scipy.sparse.linalg.eigsh) against the eigensolver here.

Trains the multilayer perceptron of `eigenscope study` on the embedded digits (64-160-160-160-10 by default: 63,530 parameters), takes its parameters from --arrays, and gives ARPACK
the Hessian's product written in NumPy below, an independent implementation: the eigenvalues of both must agree. Needs NumPy and SciPy (Debian: python3-scipy).
"""
import argparse
import gzip
import json
import pathlib
import subprocess
import tempfile

import numpy as np
from scipy.sparse.linalg import LinearOperator, eigsh

ROOT = pathlib.Path(__file__).resolve().parents[2]
DIGITS = ROOT / "src/Eigenscope.Learning/Data/Resources/digits.csv.gz"


def study(width, depth, pairs, tolerance, folder):
    arrays, report = folder / "arrays.npz", folder / "report.json"
    subprocess.run(
        [ROOT / "eigenscope", "study", "--width", str(width), "--depth", str(depth), "--measure-every", "0", "--top", str(pairs), "--tolerance", str(tolerance),
         "--arrays", arrays, "--json", report, "--quiet"], check=True)
    return np.load(arrays), json.loads(report.read_text())


class Network:
    """ReLU network under 1/(2N) sum |z - y|^2, with its exact Hessian product (Pearlmutter 1994)."""

    def __init__(self, arrays, depth):
        table = np.loadtxt(gzip.open(DIGITS, "rt"), delimiter=",")
        self.x = table[:, :-1] / 16.0
        self.y = np.eye(10)[table[:, -1].astype(int)]
        self.layers = [(arrays[f"parameter/{l}.weight"], arrays[f"parameter/{l}.bias"]) for l in range(1, depth + 1)]
        self.size = sum(w.size + b.size for w, b in self.layers)
        self.inputs, self.masks, z = [self.x], [], None
        for l, (w, b) in enumerate(self.layers):
            z = self.inputs[-1] @ w.T + b
            if l < depth - 1:
                self.masks.append(z > 0)
                self.inputs.append(np.where(z > 0, z, 0.0))
        self.errors = [(z - self.y) / len(self.x)]
        for l in range(depth - 1, 0, -1):
            self.errors.insert(0, (self.errors[0] @ self.layers[l][0]) * self.masks[l - 1])
        self.products = 0

    def split(self, v):
        parts, at = [], 0
        for w, b in self.layers:
            parts.append((v[at:at + w.size].reshape(w.shape), v[at + w.size:at + w.size + b.size]))
            at += w.size + b.size
        return parts

    def product(self, v):
        self.products += 1
        direction, tangents = self.split(v.ravel()), [np.zeros_like(self.x)]
        for l, ((w, _), (dw, db)) in enumerate(zip(self.layers, direction)):
            dz = tangents[-1] @ w.T + self.inputs[l] @ dw.T + db
            if l < len(self.layers) - 1:
                tangents.append(dz * self.masks[l])
        result, error = [], dz / len(self.x)
        for l in range(len(self.layers) - 1, -1, -1):
            result.insert(0, error.sum(0))
            result.insert(0, (error.T @ self.inputs[l] + self.errors[l].T @ tangents[l]).ravel())
            if l > 0:
                error = (error @ self.layers[l][0] + self.errors[l] @ direction[l][0]) * self.masks[l - 1]
        return np.concatenate(result)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--width", type=int, default=160)
    parser.add_argument("--depth", type=int, default=4)
    parser.add_argument("--pairs", type=int, default=101)
    parser.add_argument("--tolerance", type=float, default=1e-6)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        arrays, report = study(options.width, options.depth, options.pairs, options.tolerance, pathlib.Path(folder))
    network = Network(arrays, options.depth)
    ours = next(s for s in report["result"]["spectra"] if s["operator"] == "hessian" and s["scope"] == "all")
    operand = LinearOperator((network.size, network.size), matvec=network.product, dtype=float)
    start = np.random.default_rng(0).standard_normal(network.size)
    values = np.sort(eigsh(operand, k=options.pairs, which="LA", tol=options.tolerance, v0=start, return_eigenvectors=False))[::-1]
    error = np.abs(values - np.array(ours["eigenvalues"])[:options.pairs]).max() / values[0]
    print(f"{network.size} parameters, top {options.pairs} to {options.tolerance:g}: ARPACK {network.products} products, here {ours['operatorApplications']} "
          f"({ours['operatorApplications'] / network.products:.2f}x; verdict {ours['status']}, largest residual {max(ours['residuals']):.1e}, "
          f"largest difference of eigenvalues {error:.1e} of the largest)")


if __name__ == "__main__":
    main()
