#!/usr/bin/env python3
"""Counts operator applications for the largest pairs of one operator: ARPACK (scipy.sparse.linalg.eigsh) against the eigensolver here.

The operator is Q diag(spectrum) Q^T of dimension 60,000 with Q a product of random reflections, so that its eigenvalues are known.
ARPACK's count leaves out any check of its residuals; ours includes fresh products for the residual of every pair, and the search for missed copies.
"""
import argparse
import json
import pathlib
import subprocess
import tempfile
import time

import numpy as np
from scipy.sparse.linalg import LinearOperator, eigsh

HERE = pathlib.Path(__file__).resolve().parent


def spectra(n):
    i = np.arange(n, dtype=float)
    outlier = np.maximum(i - 9, 1)
    bulk = np.maximum(i - 99, 1)
    yield "100 outliers 10/i over an exponential bulk", np.where(i < 100, 10 / (i + 1), 0.1 * np.exp(-(i - 100) / 500))
    yield "power law 10/i throughout", 10 / (i + 1)
    yield "10 large, 90 small outliers, indefinite bulk", np.where(
        i < 10, 20 - i, np.where(i < 100, 2 * outlier**-0.7, 0.05 * bulk**-0.5 * np.where(i % 5 == 4, -1, 1)))


def arpack(spectrum, normals, k, tolerance):
    products = 0

    def apply(x):
        nonlocal products
        products += 1
        y = x.ravel().copy()
        for v in normals[::-1]:
            y -= 2 * v * (v @ y)
        y *= spectrum
        for v in normals:
            y -= 2 * v * (v @ y)
        return y

    n = spectrum.size
    start = time.perf_counter()
    values = eigsh(LinearOperator((n, n), matvec=apply, dtype=float), k=k, which="LA", tol=tolerance, return_eigenvectors=False)
    return products, np.sort(values)[::-1], time.perf_counter() - start


def ours(spectrum, normals, k, tolerance):
    with tempfile.TemporaryDirectory() as folder:
        files = [pathlib.Path(folder) / name for name in ("eigenvalues.f64", "normals.f64")]
        spectrum.tofile(files[0])
        normals.tofile(files[1])
        command = ["dotnet", "run", "-c", "Release", "--no-build", "--project", str(HERE), "--", *map(str, files), str(k), str(tolerance)]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dimension", type=int, default=60_000)
    parser.add_argument("--pairs", type=int, default=100)
    parser.add_argument("--tolerance", type=float, default=1e-6)
    options = parser.parse_args()
    subprocess.run(["dotnet", "build", "-c", "Release", "-nologo", "-v", "quiet", "-nodeReuse:false", str(HERE)], check=True)
    worst = 0.0
    for name, spectrum in spectra(options.dimension):
        normals = np.random.default_rng(1).standard_normal((4, options.dimension))
        normals /= np.linalg.norm(normals, axis=1)[:, None]
        exact = np.sort(spectrum)[::-1][: options.pairs]
        theirs, values, seconds = arpack(spectrum, normals, options.pairs, options.tolerance)
        result = ours(spectrum, normals, options.pairs, options.tolerance)
        ratio = result["products"] / theirs
        worst = max(worst, ratio)
        print(f"{name}: ARPACK {theirs} products ({seconds:.1f} s, error {abs(values - exact).max():.1e}), "
              f"ours {result['products']} ({result['seconds']:.1f} s, error {abs(np.array(result['values']) - exact).max():.1e}, "
              f"residual {result['maxResidual']:.1e}, {result['status']}), ratio {ratio:.2f}", flush=True)
    print(f"largest ratio {worst:.2f}")


if __name__ == "__main__":
    main()
