#!/usr/bin/env python3
"""Hessian products of eigenscope beside PyTorch's, on the same machine, in turn.

The network, batch and loss are those of a row of `eigenscope bench`: a ReLU multilayer perceptron, cross-entropy, float32. PyTorch computes the
product by double backward, once with the gradient's graph kept (only the second backward is timed) and once fresh (both). See README.md.
"""
import argparse
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import time

MODELS = {
    "mlp-784-512x4-10": ([784, 512, 512, 512, 512, 10], 2000),
    "mlp-784-1024-512-256-128-64-10": ([784, 1024, 512, 256, 128, 64, 10], 512),
}
REQUIRED_SCALING = 1.8
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# name, OMP_NUM_THREADS, OPENBLAS_NUM_THREADS, torch.set_num_threads: OpenBLAS and PyTorch's own loops can fight over the same cores.
SETTINGS = [("omp1-blas2", "1", "2", 1), ("torch1", None, None, 1), ("torch2", None, None, 2)]


def main():
    arguments = parse()
    if arguments.worker:
        return worker(arguments)
    try:
        import torch  # noqa: F401
    except ImportError:
        return fail("PyTorch is not installed for this Python (Debian: apt-get install python3-torch)")
    setting = best_setting(arguments)
    rounds = [one_round(arguments, setting, number) for number in range(arguments.rounds)]
    report(arguments, setting, [entry for entry in rounds if entry is not None])


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", choices=sorted(MODELS), default="mlp-784-512x4-10")
    parser.add_argument("--rounds", type=int, default=5, help="times that each side is measured, in turn")
    parser.add_argument("--eigenscope", default=os.path.join(ROOT, "eigenscope"), help="the program")
    parser.add_argument("--json", help="write the measurements to a file")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--windows", type=int, default=5, help="undisturbed windows wanted in each measurement")
    return parser.parse_args()


def fail(message):
    print(f"compare.py: {message}", file=sys.stderr)
    sys.exit(1)


def best_setting(arguments):
    """Tries every way of giving PyTorch its threads and takes the one with the fastest kept-graph product."""
    tried = []
    for setting in SETTINGS:
        result = run_torch(arguments, setting, windows=2)
        print(f"PyTorch {setting[0]:10} kept {result['kept']:7.1f} ms  fresh {result['fresh']:7.1f} ms  ({result['windows']} windows, {result['discarded']} discarded)", file=sys.stderr)
        tried.append((result["kept"], setting))
    return min(tried, key=lambda entry: entry[0])[1]


def run_torch(arguments, setting, windows):
    _, omp, blas, _ = setting
    environment = dict(os.environ)
    for name, value in (("OMP_NUM_THREADS", omp), ("OPENBLAS_NUM_THREADS", blas)):
        if value is not None:
            environment[name] = value
    command = [sys.executable, os.path.abspath(__file__), "--model", arguments.model, "--windows", str(windows), "--worker", json.dumps(setting)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def run_eigenscope(arguments):
    command = [arguments.eigenscope, "bench", "--rows", f"{arguments.model} hessian float32 block-1", "--windows", str(arguments.windows), "--json", "-"]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    report = json.loads(done.stdout)
    row = report["result"]["rows"][0]
    return {"milliseconds": row["milliseconds"], "ratioToFloor": row["ratioToFloor"], "windows": row["windowsKept"], "discarded": row["windowsDiscarded"], "blas": report["environment"]["blas"]}


def one_round(arguments, setting, number):
    theirs = run_torch(arguments, setting, arguments.windows)
    ours = run_eigenscope(arguments)
    counts = theirs["windows"] > 0 and ours["windows"] > 0
    print(f"round {number + 1}: eigenscope {ours['milliseconds']:.1f} ms ({ours['ratioToFloor']:.2f} x floor), PyTorch kept {theirs['kept']:.1f}, fresh {theirs['fresh']:.1f}"
          + ("" if counts else "  — left out: no window with both cores"), file=sys.stderr)
    return {"eigenscope": ours, "pytorch": theirs} if counts else None


def report(arguments, setting, rounds):
    if not rounds:
        fail("no round had an undisturbed window on both sides: the machine is busy or has lost a core; try again")
    kept = statistics.median(entry["pytorch"]["kept"] / entry["eigenscope"]["milliseconds"] for entry in rounds)
    fresh = statistics.median(entry["pytorch"]["fresh"] / entry["eigenscope"]["milliseconds"] for entry in rounds)
    result = {
        "model": arguments.model, "setting": setting[0], "openblasCoreType": os.environ.get("OPENBLAS_CORETYPE"), "blas": rounds[0]["eigenscope"]["blas"],
        "torch": rounds[0]["pytorch"]["torch"], "keptOverEigenscope": kept, "freshOverEigenscope": fresh, "rounds": rounds,
    }
    print(f"{arguments.model}, float32, Hessian product: PyTorch {result['torch']} ({setting[0]}) with the gradient's graph kept takes {kept:.2f} times as long as eigenscope, fresh {fresh:.2f} times "
          f"(medians of {len(rounds)} of {arguments.rounds} rounds; OPENBLAS_CORETYPE={result['openblasCoreType'] or 'not set'}, eigenscope on {result['blas']})")
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump(result, file, indent=2)


def worker(arguments):
    """One process with one thread setting: windows of kept and fresh products between checks that both cores are there."""
    cores = Cores()
    import torch

    setting = json.loads(arguments.worker)
    torch.set_num_threads(setting[3])
    kept_product, fresh_product = products(torch, *MODELS[arguments.model])
    for _ in range(2):
        kept_product()
        fresh_product()
    counted, discarded = [], []
    before = cores.scaling()
    while len(counted) < arguments.windows and len(counted) + len(discarded) < 3 * arguments.windows:
        window = (seconds(kept_product), seconds(fresh_product))
        after = cores.scaling()
        (counted if min(before, after) >= REQUIRED_SCALING else discarded).append(window)
        before = after
    used = counted or discarded
    json.dump({
        "kept": 1e3 * statistics.median(window[0] for window in used), "fresh": 1e3 * statistics.median(window[1] for window in used),
        "windows": len(counted), "discarded": len(discarded), "torch": torch.__version__, "setting": setting[0],
    }, sys.stdout)


def products(torch, widths, batch):
    torch.manual_seed(0)
    layers = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    network = torch.nn.Sequential(*layers[:-1])
    x = torch.randn(batch, widths[0])
    y = torch.arange(batch) % widths[-1]
    loss = torch.nn.CrossEntropyLoss()
    parameters = list(network.parameters())
    direction = [torch.randn_like(parameter) for parameter in parameters]

    def gradient():
        return torch.autograd.grad(loss(network(x), y), parameters, create_graph=True)

    kept_gradient = gradient()

    def kept():
        torch.autograd.grad(kept_gradient, parameters, grad_outputs=direction, retain_graph=True)

    def fresh():
        torch.autograd.grad(gradient(), parameters, grad_outputs=direction)

    return kept, fresh


def seconds(product, at_least=0.1):
    count, start = 0, time.perf_counter()
    while True:
        product()
        count += 1
        elapsed = time.perf_counter() - start
        if elapsed >= at_least:
            return elapsed / count


class Cores:
    """Two processes that count in plain Python on request: whether two cores are there, whatever the thread pools of this process do. Started before PyTorch is imported."""

    COUNT = 400_000

    def __init__(self):
        self.pipes = []
        for _ in range(2):
            ours, theirs = multiprocessing.Pipe()
            process = multiprocessing.Process(target=self.serve, args=(theirs,), daemon=True)
            process.start()
            self.pipes.append(ours)
        self.run(self.pipes)

    @staticmethod
    def serve(pipe):
        while True:
            count = pipe.recv()
            total = 0
            for i in range(count):
                total += i
            pipe.send(total)

    def run(self, pipes):
        start = time.perf_counter()
        for pipe in pipes:
            pipe.send(self.COUNT)
        for pipe in pipes:
            pipe.recv()
        return time.perf_counter() - start

    def scaling(self):
        """Work of two loops at once over that of one in the same time; below 1.8 a core was missing."""
        return 2.0 * self.run(self.pipes[:1]) / self.run(self.pipes)


if __name__ == "__main__":
    main()
