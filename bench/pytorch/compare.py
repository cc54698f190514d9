#!/usr/bin/env python3
"""Gradients and Hessian products of eigenscope beside PyTorch's, on the same machine, in turn.

The network, batch and loss are those of a row of `eigenscope bench`: a ReLU multilayer perceptron or a residual network (BatchNorm with given statistics),
cross-entropy, float32. PyTorch computes the product by double backward, once with the gradient's graph kept (only the second backward is timed) and once fresh (both);
with --layers also the product of each weight's own block, its graph kept. See README.md.
"""
import argparse
import contextlib
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import time

# Widths and batch, or blocks of a stage, input shape and batch.
PERCEPTRONS = {
    "mlp-784-512x4-10": ([784, 512, 512, 512, 512, 10], 2000),
    "mlp-784-1024-512-256-128-64-10": ([784, 1024, 512, 256, 128, 64, 10], 512),
}
RESIDUAL = {
    "resnet8": (1, (1, 28, 28), 64),
    "resnet20": (3, (3, 32, 32), 64),
}
REQUIRED_SCALING = 1.8
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# name, OMP_NUM_THREADS, OPENBLAS_NUM_THREADS, torch.set_num_threads, oneDNN's convolutions: OpenBLAS and PyTorch's own loops can fight over the same cores.
SETTINGS = [("omp1-blas2", "1", "2", 1, True), ("torch1", None, None, 1, True), ("torch2", None, None, 2, True)]
CONVOLUTION_SETTINGS = [("omp1-blas1", "1", "1", 1, True), ("omp1-blas2", "1", "2", 1, True), ("torch2", "2", None, 2, True), ("omp1-blas2-nomkldnn", "1", "2", 1, False), ("torch2-nomkldnn", "2", None, 2, False)]


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
    parser.add_argument("--model", choices=sorted([*PERCEPTRONS, *RESIDUAL]), default="mlp-784-512x4-10")
    parser.add_argument("--rounds", type=int, default=5, help="times that each side is measured, in turn")
    parser.add_argument("--eigenscope", default=os.path.join(ROOT, "eigenscope"), help="the program")
    parser.add_argument("--layers", action="store_true", help="the weights' own blocks too (perceptrons)")
    parser.add_argument("--setting", help="a thread setting by its name instead of trying all")
    parser.add_argument("--busy", action="store_true", help="let rounds count that had no undisturbed window, and say how many: for a machine that is never quiet")
    parser.add_argument("--json", help="write the measurements to a file")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--windows", type=int, default=5, help="undisturbed windows wanted in each measurement")
    return parser.parse_args()


def fail(message):
    print(f"compare.py: {message}", file=sys.stderr)
    sys.exit(1)


def best_setting(arguments):
    """Tries every way of giving PyTorch its threads and takes the one with the fastest kept-graph product."""
    settings = CONVOLUTION_SETTINGS if arguments.model in RESIDUAL else SETTINGS
    if arguments.setting:
        return next(setting for setting in settings if setting[0] == arguments.setting)
    tried = []
    for setting in settings:
        result = run_torch(arguments, setting, windows=2, layers=False)
        print(f"PyTorch {setting[0]:20} gradient {result['gradient']:7.1f} ms  kept {result['kept']:7.1f} ms  fresh {result['fresh']:7.1f} ms  "
              f"({result['windows']} windows, {result['discarded']} discarded)", file=sys.stderr)
        tried.append((result["kept"], setting))
    return min(tried, key=lambda entry: entry[0])[1]


def run_torch(arguments, setting, windows, layers):
    _, omp, blas, _, _ = setting
    environment = dict(os.environ)
    for name, value in (("OMP_NUM_THREADS", omp), ("OPENBLAS_NUM_THREADS", blas)):
        if value is not None:
            environment[name] = value
    command = [sys.executable, os.path.abspath(__file__), "--model", arguments.model, "--windows", str(windows), "--worker", json.dumps(setting)] + ["--layers"] * layers
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def run_eigenscope(arguments):
    operators = ["gradient", "hessian"] + ["layer"] * arguments.layers
    pattern = ",".join(f"{arguments.model} {operator} float32 block-1" for operator in operators)
    # Exit code 2 says that a row had no undisturbed window; the windows kept say the same.
    done = subprocess.run([arguments.eigenscope, "bench", "--rows", pattern, "--windows", str(arguments.windows), "--json", "-"], stdout=subprocess.PIPE, check=False)
    if not done.stdout:
        fail(f"{arguments.eigenscope} bench ended with {done.returncode}")
    report = json.loads(done.stdout)
    rows = {row["operator"]: row for row in report["result"]["rows"]}
    return {
        "milliseconds": {operator: row["milliseconds"] for operator, row in rows.items()}, "ratioToFloor": {operator: row["ratioToFloor"] for operator, row in rows.items()},
        "windows": min(row["windowsKept"] for row in rows.values()), "discarded": max(row["windowsDiscarded"] for row in rows.values()), "blas": report["environment"]["blas"],
    }


def one_round(arguments, setting, number):
    theirs = run_torch(arguments, setting, arguments.windows, arguments.layers)
    ours = run_eigenscope(arguments)
    quiet = theirs["windows"] > 0 and ours["windows"] > 0
    note = "" if quiet else "  — no undisturbed window" if arguments.busy else "  — left out: no window with both cores"
    print(f"round {number + 1}: eigenscope gradient {ours['milliseconds']['gradient']:.1f} ms, product {ours['milliseconds']['hessian']:.1f} ({ours['ratioToFloor']['hessian']:.2f} x floor); "
          f"PyTorch gradient {theirs['gradient']:.1f}, kept {theirs['kept']:.1f}, fresh {theirs['fresh']:.1f}{note}", file=sys.stderr)
    return {"eigenscope": ours, "pytorch": theirs, "quiet": quiet} if quiet or arguments.busy else None


def report(arguments, setting, rounds):
    if not rounds:
        fail("no round had an undisturbed window on both sides: the machine is busy or has lost a core; try again, or add --busy")

    def median(theirs, operator):
        return statistics.median(theirs(entry["pytorch"]) / entry["eigenscope"]["milliseconds"][operator] for entry in rounds)

    names = rounds[0]["pytorch"]["layers"]
    result = {
        "model": arguments.model, "setting": setting[0], "openblasCoreType": os.environ.get("OPENBLAS_CORETYPE"), "blas": rounds[0]["eigenscope"]["blas"], "torch": rounds[0]["pytorch"]["torch"],
        "quietRounds": sum(entry["quiet"] for entry in rounds), "ratioToFloor": statistics.median(entry["eigenscope"]["ratioToFloor"]["hessian"] for entry in rounds),
        "gradientOverEigenscope": median(lambda theirs: theirs["gradient"], "gradient"),
        "keptOverEigenscope": median(lambda theirs: theirs["kept"], "hessian"), "freshOverEigenscope": median(lambda theirs: theirs["fresh"], "hessian"),
        "layersOverEigenscope": {name: median(lambda theirs, name=name: theirs["layers"][name], f"layer {name}") for name in names}, "rounds": rounds,
    }
    print(f"{arguments.model}, float32: PyTorch {result['torch']} ({setting[0]}) takes {result['gradientOverEigenscope']:.2f} times as long as eigenscope for a gradient, and for a Hessian product "
          f"{result['keptOverEigenscope']:.2f} times with the gradient's graph kept, {result['freshOverEigenscope']:.2f} times fresh; eigenscope's product takes {result['ratioToFloor']:.2f} times its floor "
          f"(medians of {len(rounds)} of {arguments.rounds} rounds, {result['quietRounds']} undisturbed; OPENBLAS_CORETYPE={result['openblasCoreType'] or 'not set'}, eigenscope on {result['blas']})")
    for name, ratio in result["layersOverEigenscope"].items():
        print(f"  block of {name}, graph kept: {ratio:.2f} times as long as eigenscope")
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump(result, file, indent=2)


def worker(arguments):
    """One process with one thread setting: windows of kept and fresh products between checks that both cores are there."""
    cores = Cores()
    import torch

    setting = json.loads(arguments.worker)
    torch.set_num_threads(setting[3])
    with contextlib.ExitStack() as stack:
        if arguments.model in RESIDUAL:
            stack.enter_context(torch.backends.mkldnn.flags(enabled=setting[4]))
        measured = products(torch, arguments.model, arguments.layers)
        for run in measured.values():
            run()
        counted, discarded = [], []
        before = cores.scaling()
        while len(counted) < arguments.windows and len(counted) + len(discarded) < 3 * arguments.windows:
            window = {name: seconds(run) for name, run in measured.items()}
            after = cores.scaling()
            (counted if min(before, after) >= REQUIRED_SCALING else discarded).append(window)
            before = after
    used = counted or discarded
    times = {name: 1e3 * statistics.median(window[name] for window in used) for name in measured}
    fixed = {name: times.pop(name) for name in ("gradient", "kept", "fresh")}
    json.dump({**fixed, "layers": times, "windows": len(counted), "discarded": len(discarded), "torch": torch.__version__, "setting": setting[0]}, sys.stdout)


def perceptron(torch, widths):
    layers = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def residual(torch, blocks, channels):
    """The residual network of the same name: 3x3 convolutions without biases, BatchNorm, 1x1 convolution with BatchNorm where the shape changes, global average, one dense layer."""
    nn = torch.nn

    def unit(inputs, outputs, kernel, stride):
        return [nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(outputs)]

    class Block(nn.Module):
        def __init__(self, inputs, outputs, stride):
            super().__init__()
            self.branch = nn.Sequential(*unit(inputs, outputs, 3, stride), nn.ReLU(), *unit(outputs, outputs, 3, 1))
            self.shortcut = nn.Identity() if inputs == outputs and stride == 1 else nn.Sequential(*unit(inputs, outputs, 1, stride))

        def forward(self, x):
            return torch.relu(self.shortcut(x) + self.branch(x))

    layers, inputs = [*unit(channels, 16, 3, 1), nn.ReLU()], 16
    for stage in range(3):
        for block in range(blocks):
            layers.append(Block(inputs, 16 << stage, 2 if stage > 0 and block == 0 else 1))
            inputs = 16 << stage
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, 10))


def products(torch, model, layers):
    torch.manual_seed(0)
    if model in RESIDUAL:
        blocks, shape, batch = RESIDUAL[model]
        x = torch.randn(batch, *shape)
        network = residual(torch, blocks, shape[0])
        for module in network.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.momentum = 1.0
        network(x)
        network.eval()
    else:
        widths, batch = PERCEPTRONS[model]
        x = torch.randn(batch, widths[0])
        network = perceptron(torch, widths)
    y = torch.arange(batch) % 10
    loss = torch.nn.CrossEntropyLoss()
    parameters = list(network.parameters())
    measured = double_backward(torch, lambda: loss(network(x), y), parameters)
    weights = [parameter for parameter in parameters if parameter.dim() == 2] if layers else []
    for number, weight in enumerate(weights):
        measured[f"{number + 1}.weight"] = double_backward(torch, lambda: loss(network(x), y), [weight])["kept"]
    return measured


def double_backward(torch, loss, parameters):
    direction = [torch.randn_like(parameter) for parameter in parameters]

    def gradient(create_graph=False):
        return torch.autograd.grad(loss(), parameters, create_graph=create_graph)

    kept_gradient = gradient(create_graph=True)

    def kept():
        torch.autograd.grad(kept_gradient, parameters, grad_outputs=direction, retain_graph=True)

    def fresh():
        torch.autograd.grad(gradient(create_graph=True), parameters, grad_outputs=direction)

    return {"gradient": gradient, "kept": kept, "fresh": fresh}


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
