"""One case of the grid of operators: its nodes, its constants and the function that PyTorch evaluates."""
import zlib

import numpy as np
import torch
from onnx import TensorProto, helper, numpy_helper

CASES = {}
SAMPLES = 2
DOMAIN = {np.dtype(np.float32): TensorProto.FLOAT, np.dtype(np.float64): TensorProto.DOUBLE}


NAMES = {"w": "layer.weight", "b": "layer.bias", "v": "after.weight"}


class Case:
    """nodes: (operator, inputs, outputs, attributes) from "h" to "y", names separated by blanks, "_" for an input left out.
    constants: name -> array, kept as initializers. function: (h, constants as float64 tensors) -> y."""

    def __init__(self, name, shape, nodes, function, constants, opset, layer, batch, linear_after, element):
        self.name, self.shape, self.nodes, self.function, self.opset = name, tuple(shape), nodes, function, opset
        self.layer, self.batch, self.linear_after, self.element = layer, batch, linear_after, np.dtype(element)
        self.generator = torch.Generator().manual_seed(zlib.crc32(name.encode()))
        self.constants = {key: np.asarray(value) for key, value in constants.items()}
        self.x = self.draw(SAMPLES if batch is None else batch, *self.shape)
        self.weights = self.layer_weights() if layer else {}
        outputs = self.evaluate(self.x, linear=False)
        self.rank = outputs.dim()
        if linear_after:
            self.weights["v"] = self.draw(outputs[0].numel(), 4).numpy().astype(self.element)

    def draw(self, *shape):
        """Normal numbers in steps of 1/64: exact in float32, and never at a kink but 0."""
        values = (torch.randn(shape, generator=self.generator, dtype=torch.float64) * 64).round() / 64
        return torch.where(values == 0, torch.tensor(0.109375, dtype=torch.float64), values)

    def layer_weights(self):
        size = self.shape[0] if len(self.shape) != 2 or self.layer == "conv" else self.shape[-1]
        weight = self.draw(size, size) * 0.5 + torch.eye(size, dtype=torch.float64)
        if self.layer == "conv":
            weight = weight.reshape(size, size, *([1] * (len(self.shape) - 1)))
        return {"w": weight.numpy().astype(self.element), "b": (self.draw(size) * 0.25).numpy().astype(self.element)}

    def evaluate(self, x, linear=True):
        w = {key: torch.from_numpy(value.astype(np.float64)) for key, value in self.weights.items()}
        c = {key: torch.from_numpy(value.astype(np.float64) if value.dtype.kind == "f" else value) for key, value in self.constants.items()}
        h = x
        if self.layer == "conv":
            h = torch.einsum("oi,ni...->no...", w["w"].flatten(1), x) + w["b"].reshape(1, -1, *([1] * (x.dim() - 2)))
        elif self.layer:
            h = x @ w["w"] + w["b"]
        y = self.function(h, c)
        return y.reshape(y.shape[0], -1) @ w["v"] if linear and self.linear_after else y

    def model(self):
        start = "h" if self.layer else "x"
        rename = {"_": "", "h": start, "y": "y" if self.rank == 2 and not self.linear_after else "result"}
        nodes = []
        if self.layer == "conv":
            nodes.append(helper.make_node("Conv", ["x", "layer.weight", "layer.bias"], ["h"], "layer"))
        elif self.layer == "gemm":
            nodes.append(helper.make_node("Gemm", ["x", "layer.weight", "layer.bias"], ["h"], "layer"))
        elif self.layer == "matmul":
            nodes += [helper.make_node("MatMul", ["x", "layer.weight"], ["layer_product"], "layer"), helper.make_node("Add", ["layer_product", "layer.bias"], ["h"], "layer_bias")]
        for index, (kind, inputs, outputs, attributes) in enumerate(self.nodes):
            names = [[rename.get(name, name) for name in text.split()] for text in (inputs, outputs)]
            nodes.append(helper.make_node(kind, *names, f"{kind}_{index}", **attributes))
        nodes += self.ending()
        tensors = [numpy_helper.from_array(np.ascontiguousarray(value).reshape(value.shape), name) for name, value in {**{NAMES[key]: value for key, value in self.weights.items()}, **self.constants}.items()]
        element = DOMAIN[self.element]
        extent = "N" if self.batch is None else self.batch
        graph = helper.make_graph(nodes, "case", [helper.make_tensor_value_info("x", element, [extent, *self.shape])],
                                  [helper.make_tensor_value_info("y", element, [extent, None])], tensors)
        return helper.make_model(graph, opset_imports=[helper.make_operatorsetid("", self.opset)], ir_version=8 if self.opset < 19 else 9)

    def ending(self):
        if self.linear_after:
            flat = [] if self.rank == 2 else [helper.make_node("Flatten", ["result"], ["flattened"], "flat", axis=1)]
            return flat + [helper.make_node("MatMul", ["flattened" if flat else "result", "after.weight"], ["y"], "after")]
        return [] if self.rank == 2 else [helper.make_node("Flatten", ["result"], ["y"], "flat", axis=1)]


def graph(family, name, shape, nodes, function, constants=None, opset=13, layer="auto", batch=None, linear_after=False, element=np.float32):
    """Adds a case. The layer before: Gemm for vectors, MatMul and Add for tokens, a convolution of one pixel for images; None for none."""
    if layer == "auto":
        layer = {1: "gemm", 2: "matmul", 3: "conv"}[len(shape)]
    case = Case(f"{family}: {name}, opset {opset}", shape, nodes, function, constants or {}, opset, layer, batch, linear_after, element)
    CASES.setdefault(family, []).append(case)


def single(family, name, shape, kind, function, attributes=None, constants=None, inputs=None, **options):
    """A case of one node: h, then the constants in order, unless inputs says otherwise."""
    inputs = inputs or " ".join(["h", *(constants or {})])
    graph(family, name, shape, [(kind, inputs, "y", attributes or {})], function, constants, **options)


def f32(*values):
    return np.array(values, np.float32)


def i64(*values):
    return np.array(values, np.int64)


def scalar(value, element=np.float32):
    return np.array(value, element)


def noise(*shape, seed=1):
    """A constant in steps of 1/16, away from 0."""
    values = np.random.default_rng(seed + sum(shape)).integers(4, 40, shape) * np.random.default_rng(seed).choice([-1, 1], shape)
    return (values / 16).astype(np.float32)
