#!/usr/bin/env python3
"""Top eigenpairs of a trained perceptron's Hessian: power iteration with deflation in PyTorch, as PyHessian does it, against the eigensolver here, on the same network and samples.

Trains the multilayer perceptron 784-96-64-48-10 on 600 samples with eigenscope, which writes parameters and samples; times both. PyHessian itself is not needed: `power_iteration` below is its
algorithm (Yao et al., 1912.07145; `hessian.eigenvalues` with its defaults: one random start for each pair, deflation by orthogonalisation, relative change of the eigenvalue below 1e-3, at most 100
products a pair, the gradient's graph kept). See README.md.
"""
import argparse
import json
import pathlib
import subprocess
import tempfile
import time

import numpy as np
import torch

FOLDER = pathlib.Path(__file__).resolve().parent
WIDTHS = [784, 96, 64, 48, 10]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--top", type=int, default=10)
    parser.add_argument("--tolerance", type=float, default=1e-6, help="of the eigensolver here; power iteration always has 1e-3")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--precision", choices=["float32", "float64"], default="float64", help="of the network here; the eigensolver works in double")
    parser.add_argument("--block", type=int, default=0, help="vectors of the eigensolver's block; 0 lets it choose")
    parser.add_argument("--threads", type=int, default=1, help="PyTorch's own loops; give OpenBLAS two with OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=2")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    with tempfile.TemporaryDirectory() as folder:
        ours = spectra(folder, options)
        hessian = Hessian(pathlib.Path(folder))
    measured = [timed(hessian.product, hessian.random()) for _ in range(20 * options.repeats)]
    product, product_cpu = min(entry[0] for entry in measured), sum(entry[1] for entry in measured) / len(measured)
    runs = [power_iteration(hessian, options.top) for _ in range(options.repeats)]
    seconds, processor = min(run[0] for run in runs), min(run[3] for run in runs)
    errors = [np.abs(np.sort(run[2])[::-1] / np.array(ours["whole"]["Values"][:options.top]) - 1.0).max() for run in runs]
    print(f"784-96-64-48-10, 600 samples, training accuracy {ours['Accuracy']:.3f}, PyTorch {torch.__version__}: one product, graph kept, {1e3 * product:.2f} ms ({1e3 * product_cpu:.2f} ms of processor time)")
    print(f"top {options.top}: power iteration to 1e-3 takes {seconds:.3f} s ({min(run[1] for run in runs)} to {max(run[1] for run in runs)} products, eigenvalues wrong by up to {max(errors):.0e}); "
          f"here to {options.tolerance:g} {ours['whole']['Seconds']:.3f} s ({ours['whole']['Products']} products, {ours['whole']['Status']}, largest residual {ours['whole']['MaxResidual']:.0e}): "
          f"{seconds / ours['whole']['Seconds']:.1f} times faster, {processor / ours['whole']['Processor']:.1f} by processor time")
    total = sum(layer["Seconds"] for layer in ours["layers"])
    count, cpu = sum(layer["Products"] for layer in ours["layers"]), sum(layer["Processor"] for layer in ours["layers"])
    print(f"every layer's top {ours['pairs']}: here {total:.3f} s ({', '.join('%.3f' % layer['Seconds'] for layer in ours['layers'])}; {count} products; "
          f"{', '.join(layer['Status'] for layer in ours['layers'])}); as many of PyTorch's full products, graph kept, {count * product:.3f} s: {count * product / total:.1f} times, {count * product_cpu / cpu:.1f} by processor time")
    print(f"Gauss-Newton of 200 samples: complete spectrum ({ours['gram']['Count']} eigenvalues, {ours['gram']['Method']}) in {ours['gram']['Seconds']:.3f} s; "
          f"Lanczos for its top {ours['pairs']} alone {ours['gramLanczos']['Seconds']:.3f} s ({ours['gramLanczos']['Products']} products)")


def spectra(folder, options):
    command = ["dotnet", "run", "-c", "Release", "--project", FOLDER / "Spectra", "--", folder, str(options.top), str(options.tolerance), str(options.repeats), options.precision, str(options.block)]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.splitlines()[-1])


class Hessian:
    """The mean cross-entropy's Hessian in single precision by double backward, the gradient's graph kept."""

    def __init__(self, folder):
        inputs = torch.tensor(np.fromfile(folder / "inputs.f64").reshape(-1, WIDTHS[0]), dtype=torch.float32)
        numbers, at, layers = np.fromfile(folder / "parameters.f64"), 0, []
        for columns, rows in zip(WIDTHS, WIDTHS[1:]):
            layer = torch.nn.Linear(columns, rows)
            for parameter in (layer.weight, layer.bias):
                parameter.data = torch.tensor(numbers[at:at + parameter.numel()].reshape(parameter.shape), dtype=torch.float32)
                at += parameter.numel()
            layers += [layer, torch.nn.ReLU()]
        network = torch.nn.Sequential(*layers[:-1])
        self.parameters = list(network.parameters())
        loss = torch.nn.functional.cross_entropy(network(inputs), torch.arange(len(inputs)) % WIDTHS[-1])
        self.gradient = torch.autograd.grad(loss, self.parameters, create_graph=True)

    def product(self, v):
        return torch.autograd.grad(self.gradient, self.parameters, grad_outputs=v, retain_graph=True)

    def random(self):
        return normalised([torch.randn_like(parameter) for parameter in self.parameters])


def inner(x, y):
    return sum(torch.sum(a * b) for a, b in zip(x, y))


def normalised(v):
    norm = inner(v, v) ** 0.5
    return [a / (norm + 1e-6) for a in v]


def orthonormal(v, found):
    for w in found:
        overlap = inner(v, w)
        v = [a - overlap * b for a, b in zip(v, w)]
    return normalised(v)


def power_iteration(hessian, top, tolerance=1e-3, most=100):
    """Seconds, products, eigenvalues, processor seconds."""
    start, processor, products, values, vectors = time.perf_counter(), time.process_time(), 0, [], []
    while len(values) < top:
        value, v = None, hessian.random()
        for _ in range(most):
            v = orthonormal(v, vectors)
            hv = hessian.product(v)
            products += 1
            estimate = inner(hv, v).item()
            v = normalised(hv)
            if value is not None and abs(value - estimate) / (abs(value) + 1e-6) < tolerance:
                break
            value = estimate
        values.append(value)
        vectors.append(v)
    return time.perf_counter() - start, products, values, time.process_time() - processor


def timed(run, *arguments):
    start, processor = time.perf_counter(), time.process_time()
    run(*arguments)
    return time.perf_counter() - start, time.process_time() - processor


if __name__ == "__main__":
    main()
