"""Functions of single numbers, and arithmetic with broadcasting."""
import math

import numpy as np
import torch
from torch.nn import functional as F

from operator_case import f32, graph, i64, noise, scalar, single


def activations():
    family = "activations"
    for shape in ((6,), (3, 2, 2)):
        single(family, f"Relu {shape}", shape, "Relu", lambda h, c: torch.relu(h), opset=9)
        single(family, f"Tanh {shape}", shape, "Tanh", lambda h, c: torch.tanh(h))
        single(family, f"Sigmoid {shape}", shape, "Sigmoid", lambda h, c: torch.sigmoid(h))
    single(family, "LeakyRelu default", (6,), "LeakyRelu", lambda h, c: F.leaky_relu(h, 0.01), opset=9)
    single(family, "LeakyRelu 0.3", (3, 4), "LeakyRelu", lambda h, c: F.leaky_relu(h, 0.3), {"alpha": 0.3}, opset=16)
    single(family, "Elu default", (6,), "Elu", lambda h, c: F.elu(h), opset=9)
    single(family, "Elu 0.5", (6,), "Elu", lambda h, c: F.elu(h, 0.5), {"alpha": 0.5})
    single(family, "Selu default", (6,), "Selu", lambda h, c: F.selu(h))
    single(family, "Selu with alpha and gamma", (6,), "Selu", lambda h, c: 1.25 * F.elu(h, 1.5), {"alpha": 1.5, "gamma": 1.25}, opset=9)
    single(family, "Gelu exact", (6,), "Gelu", lambda h, c: F.gelu(h), opset=20)
    single(family, "Gelu none", (3, 4), "Gelu", lambda h, c: F.gelu(h), {"approximate": "none"}, opset=21)
    single(family, "Gelu tanh", (6,), "Gelu", lambda h, c: F.gelu(h, approximate="tanh"), {"approximate": "tanh"}, opset=20)
    single(family, "Erf", (6,), "Erf", lambda h, c: torch.erf(h), opset=9)
    single(family, "HardSwish", (6,), "HardSwish", lambda h, c: h * F.hardtanh(h + 3, 0, 6) / 6, opset=14)
    single(family, "HardSigmoid default", (6,), "HardSigmoid", lambda h, c: (0.2 * h + 0.5).clamp(0, 1), opset=9)
    single(family, "HardSigmoid of PyTorch", (6,), "HardSigmoid", lambda h, c: (h / 6 + 0.5).clamp(0, 1), {"alpha": 1 / 6})
    single(family, "HardSigmoid alpha and beta", (6,), "HardSigmoid", lambda h, c: (0.5 * h + 0.25).clamp(0, 1), {"alpha": 0.5, "beta": 0.25})
    single(family, "Softplus", (6,), "Softplus", lambda h, c: F.softplus(h))
    single(family, "Exp", (6,), "Exp", lambda h, c: torch.exp(h))
    single(family, "Abs", (6,), "Abs", lambda h, c: h.abs())
    single(family, "Neg", (6,), "Neg", lambda h, c: -h)
    single(family, "Identity", (6,), "Identity", lambda h, c: h, opset=9)
    single(family, "PRelu of one slope", (3, 2, 2), "PRelu", lambda h, c: torch.where(h < 0, c["slope"] * h, h), constants={"slope": f32(0.25)}, opset=9)
    single(family, "PRelu of a slope for each channel", (3, 2, 2), "PRelu", lambda h, c: torch.where(h < 0, c["slope"] * h, h),
           constants={"slope": noise(3, 1, 1)}, opset=16)
    positive = ("Softplus", "h", "s", {})
    for kind, function in (("Log", torch.log), ("Sqrt", torch.sqrt), ("Reciprocal", torch.reciprocal)):
        graph(family, f"{kind} of Softplus", (6,), [positive, (kind, "s", "y", {})], lambda h, c, f=function: f(F.softplus(h)))
    gates()
    clips()
    powers(positive)
    dropouts()


def gates():
    family = "activations"
    graph(family, "SiLU as PyTorch exports it", (6,), [("Sigmoid", "h", "s", {}), ("Mul", "h s", "y", {})], lambda h, c: F.silu(h))
    graph(family, "Mish as PyTorch exports it", (6,), [("Softplus", "h", "s", {}), ("Tanh", "s", "t1", {}), ("Mul", "h t1", "y", {})], lambda h, c: F.mish(h))
    graph(family, "HardSwish as PyTorch exports it", (6,), [("HardSigmoid", "h", "s", {"alpha": 1 / 6, "beta": 0.5}), ("Mul", "h s", "y", {})],
          lambda h, c: h * F.hardtanh(h + 3, 0, 6) / 6, opset=11)
    root = {"root": scalar(math.sqrt(2)), "one": scalar(1), "half": scalar(0.5)}
    graph(family, "Gelu by Erf", (6,), [("Div", "h root", "a", {}), ("Erf", "a", "e", {}), ("Add", "e one", "s", {}), ("Mul", "h s", "p", {}), ("Mul", "p half", "y", {})],
          lambda h, c: F.gelu(h), root, opset=9)
    tanh = {"three": scalar(3), "k": scalar(0.044715), "root": scalar(math.sqrt(2 / math.pi)), "one": scalar(1), "half": scalar(0.5)}
    graph(family, "Gelu by Tanh", (6,), [("Pow", "h three", "a", {}), ("Mul", "a k", "b1", {}), ("Add", "h b1", "d", {}), ("Mul", "d root", "e", {}), ("Tanh", "e", "f", {}),
                                          ("Add", "f one", "g", {}), ("Mul", "h half", "i", {}), ("Mul", "i g", "y", {})],
          lambda h, c: F.gelu(h, approximate="tanh"), tanh)
    graph(family, "LogSigmoid as PyTorch exports it", (6,), [("Sigmoid", "h", "s", {}), ("Log", "s", "y", {})], lambda h, c: F.logsigmoid(h))
    graph(family, "GLU as PyTorch exports it", (6,), [("Split", "h", "a b1", {"axis": -1}), ("Sigmoid", "b1", "s", {}), ("Mul", "a s", "y", {})], lambda h, c: F.glu(h), opset=11)


def clips():
    family = "activations"
    single(family, "Clip by attributes", (6,), "Clip", lambda h, c: h.clamp(-0.5, 0.75), {"min": -0.5, "max": 0.75}, opset=9)
    single(family, "Clip by attribute min", (6,), "Clip", lambda h, c: h.clamp(min=-0.5), {"min": -0.5}, opset=9)
    single(family, "Clip by attribute max", (6,), "Clip", lambda h, c: h.clamp(max=0.25), {"max": 0.25}, opset=10)
    for opset in (11, 12, 13):
        single(family, "Clip by inputs", (6,), "Clip", lambda h, c: h.clamp(-0.25, 1), constants={"low": scalar(-0.25), "high": scalar(1)}, opset=opset)
    single(family, "Clip by input min", (6,), "Clip", lambda h, c: h.clamp(min=-0.5), constants={"low": scalar(-0.5)})
    single(family, "Clip by input max", (6,), "Clip", lambda h, c: h.clamp(max=0.5), constants={"high": scalar(0.5)}, inputs="h _ high")
    single(family, "ReLU6", (3, 2, 2), "Clip", lambda h, c: F.relu6(h), constants={"low": scalar(0), "high": scalar(6)}, opset=11)


def powers(positive):
    family = "activations"
    for exponent, opset in ((2, 9), (3, 12), (1, 13), (4, 15)):
        single(family, f"Pow {exponent}", (6,), "Pow", lambda h, c, p=exponent: h ** p, constants={"p": scalar(exponent)}, opset=opset)
    single(family, "Pow with a whole number's type", (6,), "Pow", lambda h, c: h ** 2, constants={"p": scalar(2, np.int64)}, opset=12)
    for exponent in (0.5, -1, 1.75, -0.5):
        graph(family, f"Pow {exponent} of Softplus", (6,), [positive, ("Pow", "s p", "y", {})], lambda h, c, p=exponent: F.softplus(h) ** p, {"p": scalar(exponent)})
    single(family, "Pow with an exponent for each entry", (4,), "Pow", lambda h, c: torch.stack([h[:, 0], h[:, 1] ** 2, h[:, 2] ** 3, h[:, 3] ** 2], 1), constants={"p": f32(1, 2, 3, 2)})


def dropouts():
    family = "activations"
    single(family, "Dropout by attribute", (6,), "Dropout", lambda h, c: h, {"ratio": 0.3}, opset=9)
    single(family, "Dropout by input", (6,), "Dropout", lambda h, c: h, constants={"ratio": scalar(0.5)}, opset=12)
    single(family, "Dropout, not training", (6,), "Dropout", lambda h, c: h, constants={"ratio": scalar(0.5), "training": scalar(False, np.bool_)}, opset=13)
    single(family, "Dropout of ratio 0 in training", (6,), "Dropout", lambda h, c: h, constants={"ratio": scalar(0), "training": scalar(True, np.bool_)}, opset=13)


OPERATIONS = {"Add": torch.add, "Sub": torch.sub, "Mul": torch.mul, "Div": torch.div}
CONSTANTS = [((4,), ()), ((4,), (1,)), ((4,), (4,)), ((4,), (1, 4)), ((4,), (1, 1)), ((3, 4), (4,)), ((3, 4), (3, 1)), ((3, 4), (1, 3, 4)), ((3, 2, 2), (3, 1, 1)),
             ((3, 2, 2), (1, 3, 1, 1)), ((3, 2, 2), (2,)), ((3, 2, 2), (2, 1)), ((3, 2, 2), (1, 3, 2, 2)), ((1, 2, 2), (3, 1, 1)), ((3, 1, 2), (1, 2, 2))]


def arithmetic():
    family = "arithmetic"
    for index, (shape, constant) in enumerate(CONSTANTS):
        for offset, (kind, function) in enumerate(OPERATIONS.items()):
            if (index + offset) % 2 and index > 3:
                continue
            opset = (9, 13, 14, 10)[(index + offset) % 4]
            single(family, f"{kind} {shape} and constant {constant}", shape, kind, lambda h, c, f=function: f(h, c["k"]), constants={"k": noise(*constant)}, opset=opset)
        kind = ("Sub", "Div", "Mul", "Add")[index % 4]
        left = [("Softplus", "h", "s", {}), (kind, "k s", "y", {})]
        graph(family, f"{kind} constant {constant} and {shape}", shape, left, lambda h, c, f=OPERATIONS[kind]: f(c["k"], F.softplus(h)), {"k": noise(*constant)}, opset=(13, 9)[index % 2])
    for kind, function in OPERATIONS.items():
        inner = ("Exp", "h", "s", {}) if kind == "Div" else ("Tanh", "h", "s", {})
        torch_inner = torch.exp if kind == "Div" else torch.tanh
        for shape in ((4,), (3, 2, 2)):
            for order in ("h s", "s h"):
                if kind == "Div" and order == "s h":
                    continue
                graph(family, f"{kind} of two activations {shape}, {order}", shape, [inner, (kind, order, "y", {})],
                      lambda h, c, f=function, g=torch_inner, o=order: f(h, g(h)) if o == "h s" else f(g(h), h))
        pooled = [("GlobalAveragePool", "h", "m", {}), ("Exp", "m", "s", {}), (kind, "h s", "y", {})]
        graph(family, f"{kind} of an image and its channels' means", (3, 2, 2), pooled, lambda h, c, f=function: f(h, h.mean((2, 3), keepdim=True).exp()))
        centred = [("ReduceMean", "h", "m", {"axes": [1], "keepdims": 1}), ("Exp", "m", "s", {}), (kind, "s h" if kind != "Div" else "h s", "y", {})]
        graph(family, f"{kind} of a vector and its mean", (4,), centred, lambda h, c, f=function, k=kind: f(h.mean(1, True).exp(), h) if k != "Div" else f(h, h.mean(1, True).exp()))
    repeated()


def repeated():
    family = "arithmetic"
    graph(family, "Mul of a value and itself", (4,), [("Mul", "h h", "y", {})], lambda h, c: h * h)
    graph(family, "Add of a value and itself", (4,), [("Add", "h h", "y", {})], lambda h, c: h + h)
    graph(family, "a value read three times", (4,), [("Tanh", "h", "a", {}), ("Sigmoid", "h", "b1", {}), ("Mul", "a b1", "d", {}), ("Add", "d h", "y", {})],
          lambda h, c: torch.tanh(h) * torch.sigmoid(h) + h)
    graph(family, "outer sum of two activations", (3, 4), [("ReduceMean", "h", "r", {"axes": [1], "keepdims": 1}), ("ReduceMean", "h", "q", {"axes": [2], "keepdims": 1}), ("Mul", "r q", "y", {})],
          lambda h, c: h.mean(1, True) * h.mean(2, True))
    graph(family, "Sum of three", (4,), [("Tanh", "h", "a", {}), ("Sum", "h a k", "y", {})], lambda h, c: h + torch.tanh(h) + c["k"], {"k": noise(4)})
    graph(family, "constants folded through arithmetic", (4,), [("Mul", "k m", "a", {}), ("Sub", "a m", "b1", {}), ("Sqrt", "d", "e", {}), ("Div", "b1 e", "g", {}), ("Add", "h g", "y", {})],
          lambda h, c: h + (c["k"] * c["m"] - c["m"]) / c["d"].sqrt(), {"k": noise(4), "m": noise(1, 4), "d": f32(2.25)})


def wheres():
    family = "where"
    mask = np.array([[True, False, True, True]])
    band = np.tril(np.ones((3, 3), np.bool_))
    for opset in (9, 16):
        single(family, "a constant where masked", (4,), "Where", lambda h, c: torch.where(c["mask"], h, c["k"]), constants={"mask": mask, "k": scalar(-2.5)}, inputs="mask h k", opset=opset)
    single(family, "a value where masked", (4,), "Where", lambda h, c: torch.where(c["mask"], c["k"], h), constants={"mask": mask, "k": noise(4)}, inputs="mask k h")
    graph(family, "two values", (4,), [("Tanh", "h", "a", {}), ("Where", "mask h a", "y", {})], lambda h, c: torch.where(c["mask"], h, torch.tanh(h)), {"mask": mask})
    single(family, "a causal mask of scores", (3, 3), "Where", lambda h, c: torch.where(c["mask"], h, c["k"]), constants={"mask": band, "k": scalar(-100)}, inputs="mask h k")
    single(family, "a mask of channels", (3, 2, 2), "Where", lambda h, c: torch.where(c["mask"], h, c["k"]), constants={"mask": np.array([True, False, True]).reshape(1, 3, 1, 1), "k": scalar(0.5)}, inputs="mask h k")
    masked = [("Equal", "ids zero", "eq", {}), ("Where", "eq k h", "y", {})]
    graph(family, "a mask made by Equal", (4,), masked, lambda h, c: torch.where(c["ids"] == 0, c["k"], h), {"ids": i64(1, 0, 2, 0), "zero": scalar(0, np.int64), "k": scalar(-3)})
    added = [("Cast", "ids", "m", {"to": 1}), ("Sub", "one m", "n", {}), ("Mul", "n big", "o", {}), ("Add", "s o", "y", {})]
    graph(family, "a mask added to scores", (3, 3), [("Mul", "h half", "s", {})] + added, lambda h, c: h * 0.5 + (1 - c["ids"].double()) * -100,
          {"half": scalar(0.5), "ids": np.array([[[1, 1, 0]]], np.int64), "one": scalar(1), "big": scalar(-100)})
    broadcast = [("ReduceMean", "h", "m", {"axes": [1], "keepdims": 1}), ("Where", "mask h m", "y", {})]
    graph(family, "broadcast of the third value", (4,), broadcast, lambda h, c: torch.where(c["mask"], h, h.mean(1, True)), {"mask": mask})


def declare():
    activations()
    arithmetic()
    wheres()
