#!/usr/bin/env python3
"""Kernel matrix, ridge solve and average gradient outer product of a Laplace kernel machine, beside the same steps in PyTorch, on the same machine, in turn.

The sizes are those of a row of `eigenscope bench`: points on the unit sphere around the directions of their classes, targets plus or minus one, double precision. The steps in PyTorch are those
that published code of recursive feature machines takes: distances by matrix product (torch.cdist), exp, Cholesky, one matrix product for the gradients of each output, their outer products. See README.md.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BANDWIDTH, RIDGE = 2.0, 1e-3
# name, OMP_NUM_THREADS, OPENBLAS_NUM_THREADS, torch.set_num_threads.
SETTINGS = [("omp1-blas2", "1", "2", 1), ("torch1", None, None, 1), ("torch2", None, None, 2)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=8000, help="for PyTorch's side; the row of bench has 8000")
    parser.add_argument("--dimension", type=int, default=784)
    parser.add_argument("--outputs", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3, help="times that each side is measured, in turn")
    parser.add_argument("--setting", help="a thread setting by its name instead of trying all: " + ", ".join(name for name, *_ in SETTINGS))
    parser.add_argument("--eigenscope", default=os.path.join(ROOT, "eigenscope"), help="the program")
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker is not None:
        return worker(arguments)
    try:
        import torch  # noqa: F401
    except ImportError:
        sys.exit("kernel_machine.py: PyTorch is not installed for this Python (Debian: apt-get install python3-torch)")
    setting = next(entry for entry in SETTINGS if entry[0] == arguments.setting) if arguments.setting else best(arguments)
    ratios = []
    for number in range(arguments.rounds):
        theirs = run_torch(arguments, setting)
        ours, floor = run_eigenscope(arguments)
        ratios.append(theirs["total"] / ours)
        parts = ", ".join(f"{name} {theirs[name]:.2f}" for name in ("fit", "agop"))
        print(f"round {number + 1}: eigenscope {ours:.2f} s ({floor:.2f} x floor); PyTorch {theirs['total']:.2f} s ({parts})", file=sys.stderr)
    print(f"PyTorch's time ({setting[0]}) over Eigenscope's, median of {len(ratios)} rounds: {statistics.median(ratios):.2f}")


def best(arguments):
    tried = [(run_torch(arguments, setting), setting) for setting in SETTINGS]
    for result, setting in tried:
        print(f"PyTorch {setting[0]:12} {result['total']:.2f} s", file=sys.stderr)
    return min(tried, key=lambda entry: entry[0]["total"])[1]


def run_torch(arguments, setting):
    _, omp, blas, threads = setting
    environment = dict(os.environ)
    for name, value in (("OMP_NUM_THREADS", omp), ("OPENBLAS_NUM_THREADS", blas)):
        if value is not None:
            environment[name] = value
    command = [sys.executable, os.path.abspath(__file__), "--worker", str(threads)]
    for name in ("points", "dimension", "outputs"):
        command += [f"--{name}", str(getattr(arguments, name))]
    return json.loads(subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True).stdout)


def run_eigenscope(arguments):
    name = f"laplace-{arguments.points}-{arguments.dimension}-{arguments.outputs}"
    done = subprocess.run([arguments.eigenscope, "bench", "--rows", name, "--windows", "1", "--json", "-"], stdout=subprocess.PIPE, check=False)
    if not done.stdout:
        sys.exit(f"kernel_machine.py: {arguments.eigenscope} bench ended with {done.returncode}; its rows have 8000 points in 784 dimensions with 10 outputs")
    row = json.loads(done.stdout)["result"]["rows"][0]
    return row["milliseconds"] / 1e3, row["ratioToFloor"]


def worker(arguments):
    import torch
    torch.set_num_threads(arguments.worker)
    torch.manual_seed(0)
    n, d, k = arguments.points, arguments.dimension, arguments.outputs
    labels = torch.arange(n) % k
    x = torch.randn(n, d, dtype=torch.float64)
    x[torch.arange(n), labels] += 8
    x /= x.norm(dim=1, keepdim=True)
    y = torch.full((n, k), -1.0, dtype=torch.float64)
    y[torch.arange(n), labels] = 1.0
    run(torch, x[:500], y[:500])
    print(json.dumps(run(torch, x, y)))


def run(torch, x, y):
    start = time.perf_counter()
    distance = torch.cdist(x, x, compute_mode="use_mm_for_euclid_dist")
    kernel = torch.exp(distance / -BANDWIDTH)
    matrix = kernel.clone()
    matrix.diagonal().add_(RIDGE)
    alpha = torch.cholesky_solve(y, torch.linalg.cholesky(matrix))
    del matrix
    fitted = time.perf_counter()
    slopes = kernel.div_(distance).div_(BANDWIDTH)
    slopes[distance < 1e-10] = 0.0
    agop = torch.zeros(x.shape[1], x.shape[1], dtype=torch.float64)
    for c in range(y.shape[1]):
        weighted = slopes * alpha[:, c]
        gradient = weighted @ x - weighted.sum(dim=1, keepdim=True) * x
        agop.addmm_(gradient.T, gradient, alpha=1.0 / x.shape[0])
    done = time.perf_counter()
    return {"fit": fitted - start, "agop": done - fitted, "total": done - start, "trace": float(agop.trace())}


if __name__ == "__main__":
    main()
