#!/usr/bin/env python3
"""Writes the grid of operators that import is tested on: each case a whole ONNX file with what PyTorch makes of the same numbers in float64.

    python3 tests/oracles/onnx_operators.py [FAMILY...]

A case is a layer with a weight (h = layer of x, so that there is a parameter), the nodes in question, and Flatten where the result is not flat; y is the
output, the gradient that of the sum of c * y with respect to x. The PyTorch side of each case is written by hand beside its nodes, in operator_*.py.
A mean of 1e-8 lies between the two where an attribute is float32 in the file. Made with PyTorch 1.13 and onnx 1.12."""
import base64
import json
import os
import sys

import numpy as np
import onnx
import torch

import operator_arrays
import operator_scalars
import operator_sums
import operator_windows
from operator_case import CASES

FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "Eigenscope.Learning.Tests", "Import", "Data", "Operators")
CHECKED_OPSET = 17  # the newest that onnx 1.12 knows


def rounded(values):
    return [float(f"{value:.12g}") for value in values.detach().reshape(-1).tolist()]


def evaluated(case):
    model = case.model()
    if case.opset <= CHECKED_OPSET:
        onnx.checker.check_model(model, full_check=True)
    x = case.x.clone().requires_grad_()
    y = case.evaluate(x)
    y = y.reshape(y.shape[0], -1)
    c = (torch.randn(y.shape, generator=case.generator, dtype=torch.float64) * 16).round() / 16
    gradient, = torch.autograd.grad((c * y).sum(), x)
    assert torch.isfinite(y).all() and torch.isfinite(gradient).all(), case.name
    assert gradient.abs().max() > 0, case.name
    return {"name": case.name, "opset": case.opset, "samples": x.shape[0], "inputShape": list(x.shape[1:]), "outputs": y.shape[1], "model": base64.b64encode(model.SerializeToString()).decode(),
            "x": rounded(x), "c": rounded(c), "y": rounded(y), "gradient": rounded(gradient)}


def main():
    torch.set_num_threads(1)
    os.makedirs(FOLDER, exist_ok=True)
    for module in (operator_scalars, operator_sums, operator_windows, operator_arrays):
        module.declare()
    total = 0
    for family, cases in CASES.items():
        if len(sys.argv) > 1 and family not in sys.argv[1:]:
            continue
        assert len({case.name for case in cases}) == len(cases), family
        lines = [json.dumps(evaluated(case), separators=(",", ":")) for case in cases]
        path = os.path.join(FOLDER, family + ".json")
        with open(path, "w", encoding="utf-8") as file:
            file.write('{"family": ' + json.dumps(family) + ', "cases": [\n' + ",\n".join(lines) + "\n]}\n")
        total += len(cases)
        print(f"{family}: {len(cases)} cases, {os.path.getsize(path)} bytes")
    print(total, "cases")


if __name__ == "__main__":
    main()
