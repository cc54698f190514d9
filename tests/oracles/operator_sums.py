"""Products of matrices, softmax, normalisation and reductions."""
import itertools

import numpy as np
import torch
from torch.nn import functional as F

from operator_case import f32, graph, i64, noise, scalar, single


def products():
    family = "products"
    gemms = [({}, (4, 3), (3,)), ({"transB": 1}, (3, 4), (3,)), ({"alpha": 0.5, "beta": 2.0}, (4, 3), (3,)), ({"alpha": -1.5, "transB": 1}, (3, 4), (1, 3)),
             ({}, (4, 3), None), ({"beta": 0.0}, (4, 3), (3,)), ({"transA": 0, "transB": 1, "beta": 0.25}, (3, 4), ()), ({}, (4, 1), (1,)), ({}, (4, 3), (1,)), ({}, (4, 3), (1, 1))]
    for (attributes, weight, bias), opset in zip(gemms, itertools.cycle((9, 11, 13))):
        constants = {"W": noise(*weight)} | ({} if bias is None else {"B": noise(*bias)})
        single(family, f"Gemm {attributes}, W {weight}, B {bias}", (4,), "Gemm", lambda h, c, a=attributes: gemm(h, c["W"], c.get("B"), a), attributes, constants, opset=opset)
    single(family, "MatMul of vectors", (4,), "MatMul", lambda h, c: h @ c["W"], constants={"W": noise(4, 3)}, opset=9)
    single(family, "MatMul of tokens", (3, 4), "MatMul", lambda h, c: h @ c["W"], constants={"W": noise(4, 2)})
    single(family, "MatMul of heads", (2, 3, 4), "MatMul", lambda h, c: h @ c["W"], constants={"W": noise(4, 2)})
    single(family, "MatMul with a constant vector", (3, 4), "MatMul", lambda h, c: h @ c["W"], constants={"W": noise(4)})
    single(family, "MatMul with a constant on the left", (3, 4), "MatMul", lambda h, c: c["W"] @ h, constants={"W": noise(2, 3)}, inputs="W h")
    single(family, "MatMul with a constant on the left of images", (2, 3, 4), "MatMul", lambda h, c: c["W"] @ h, constants={"W": noise(2, 3)}, inputs="W h")
    single(family, "MatMul with a constant for each head", (2, 3, 4), "MatMul", lambda h, c: h @ c["W"], constants={"W": noise(2, 4, 3)})
    single(family, "MatMul with a constant for each head, with a batch of one", (2, 3, 4), "MatMul", lambda h, c: h @ c["W"], constants={"W": noise(1, 2, 4, 3)})
    single(family, "MatMul with a constant for each head, on the left", (2, 3, 4), "MatMul", lambda h, c: c["W"] @ h, constants={"W": noise(2, 5, 3)}, inputs="W h")
    graph(family, "MatMul and Add, bias first", (4,), [("MatMul", "h W", "p", {}), ("Add", "B p", "y", {})], lambda h, c: h @ c["W"] + c["B"], {"W": noise(4, 3), "B": noise(3)})
    graph(family, "MatMul and Add of tokens", (3, 4), [("MatMul", "h W", "p", {}), ("Add", "p B", "y", {})], lambda h, c: h @ c["W"] + c["B"], {"W": noise(4, 2), "B": noise(2)})
    graph(family, "MatMul and Add of a matrix to tokens", (3, 4), [("MatMul", "h W", "p", {}), ("Add", "p B", "y", {})], lambda h, c: h @ c["W"] + c["B"], {"W": noise(4, 2), "B": noise(3, 2)})
    graph(family, "Gemm of a transposed constant", (4,), [("Transpose", "W", "V", {"perm": [1, 0]}), ("MatMul", "h V", "y", {})], lambda h, c: h @ c["W"].T, {"W": noise(3, 4)})
    graph(family, "one weight read twice", (4,), [("MatMul", "h W", "p", {}), ("Tanh", "p", "q", {}), ("MatMul", "q W", "y", {})], lambda h, c: torch.tanh(h @ c["W"]) @ c["W"], {"W": noise(4, 4)})
    attention(family)


def gemm(h, weight, bias, attributes):
    y = attributes.get("alpha", 1) * (h @ (weight.T if attributes.get("transB") else weight))
    return y if bias is None else y + attributes.get("beta", 1) * bias


def attention(family):
    turned = [("Transpose", "h", "k", {"perm": [0, 2, 1]}), ("MatMul", "h k", "y", {})]
    graph(family, "scores of tokens", (3, 4), turned, lambda h, c: h @ h.transpose(1, 2))
    graph(family, "scores of heads", (2, 3, 4), [("Transpose", "h", "k", {"perm": [0, 1, 3, 2]}), ("MatMul", "h k", "y", {})], lambda h, c: h @ h.transpose(2, 3))
    graph(family, "Gram matrix of channels", (3, 4), [("Transpose", "h", "k", {"perm": [0, 2, 1]}), ("MatMul", "k h", "y", {})], lambda h, c: h.transpose(1, 2) @ h)
    graph(family, "attention", (3, 4), [("MatMul", "h Q", "q", {}), ("MatMul", "h K", "k", {}), ("MatMul", "h V", "v", {}), ("Transpose", "k", "kt", {"perm": [0, 2, 1]}), ("MatMul", "q kt", "s", {}),
                                        ("Mul", "s scale", "r", {}), ("Softmax", "r", "a", {"axis": -1}), ("MatMul", "a v", "y", {})],
          lambda h, c: torch.softmax((h @ c["Q"]) @ (h @ c["K"]).transpose(1, 2) * 0.5, -1) @ (h @ c["V"]), {"Q": noise(4, 4, seed=2) / 2, "K": noise(4, 4, seed=3) / 2, "V": noise(4, 2), "scale": scalar(0.5)})
    heads = [("Reshape", "h shape", "r", {}), ("Transpose", "r", "q", {"perm": [0, 2, 1, 3]}), ("Transpose", "r", "k", {"perm": [0, 2, 3, 1]}), ("MatMul", "q k", "y", {})]
    graph(family, "heads by Reshape and Transpose", (3, 4), heads, lambda h, c: torch.einsum("nihd,njhd->nhij", *[h.reshape(-1, 3, 2, 2)] * 2), {"shape": i64(0, 0, 2, 2)})
    pooled = [("ReduceMean", "h", "m", {"axes": [1], "keepdims": 1}), ("Transpose", "h", "k", {"perm": [0, 2, 1]}), ("MatMul", "m k", "y", {})]
    graph(family, "row times matrix", (3, 4), pooled, lambda h, c: h.mean(1, True) @ h.transpose(1, 2))


def softmax():
    family = "softmax"
    for kind, function in (("Softmax", torch.softmax), ("LogSoftmax", torch.log_softmax)):
        for shape, axis, opset in (((5,), None, 9), ((5,), 1, 11), ((3, 4), 1, 9), ((3, 4), 2, 11), ((3, 4), -1, 12), ((3, 2, 2), 1, 11), ((3, 2, 2), 2, 9), ((3, 2, 2), 3, 12), ((3, 2, 2), None, 10)):
            first = len(shape) if axis == -1 else 1 if axis is None else axis
            single(family, f"{kind} {shape} flattened from axis {axis}", shape, kind, lambda h, c, f=function, a=first: f(h.flatten(a), -1).reshape(h.shape),
                   {} if axis is None else {"axis": axis}, opset=opset, linear_after=True)
        for shape, axis, opset in (((5,), None, 13), ((5,), 1, 13), ((3, 4), 1, 13), ((3, 4), 2, 14), ((3, 4), None, 13), ((3, 2, 2), 1, 13), ((3, 2, 2), -2, 17), ((3, 2, 2), 3, 13), ((3, 2, 2), -3, 13)):
            single(family, f"{kind} {shape} on axis {axis}", shape, kind, lambda h, c, f=function, a=-1 if axis is None else axis: f(h, a),
                   {} if axis is None else {"axis": axis}, opset=opset, linear_after=True)
        large = [("Mul", "h big", "s", {}), (kind, "s", "y", {"axis": -1})]
        graph(family, f"{kind} of large numbers", (5,), large, lambda h, c, f=function: f(h * 400, -1), {"big": scalar(400)}, linear_after=True)


def batch_norm(h, c, epsilon):
    shape = (1, -1, *([1] * (h.dim() - 2)))
    scale, shift, mean, variance = (c[key].reshape(shape) for key in ("scale", "shift", "mean", "variance"))
    return (h - mean) / (variance + epsilon).sqrt() * scale + shift


def normalisation():
    family = "normalisation"
    for shape, epsilon, opset in (((3,), None, 9), ((3, 4), 1e-3, 13), ((3, 2, 2), 0.1, 9), ((3, 2, 2), None, 14), ((3, 2, 2), 1e-2, 15), ((1, 2, 3), None, 15)):
        channels = shape[0]
        constants = {"scale": noise(channels), "shift": noise(channels, seed=2), "mean": noise(channels, seed=3), "variance": np.abs(noise(channels, seed=4))}
        graph(family, f"BatchNormalization {shape}, epsilon {epsilon}", shape, [("Relu", "h", "r", {}), ("BatchNormalization", "r scale shift mean variance", "y", {} if epsilon is None else {"epsilon": epsilon, "momentum": 0.8})],
              lambda h, c, e=epsilon or 1e-5: batch_norm(torch.relu(h), c, e), constants, opset=opset, layer="conv" if len(shape) > 1 else "gemm")
    constants = {"scale": noise(3), "shift": noise(3, seed=2), "mean": noise(3, seed=3), "variance": np.abs(noise(3, seed=4))}
    single(family, "BatchNormalization after the layer", (3, 2, 2), "BatchNormalization", lambda h, c: batch_norm(h, c, 1e-5), constants=constants)
    for shape, axis, opset in (((5,), None, 17), ((3, 4), -1, 17), ((3, 4), 2, 18), ((3, 4), 1, 17), ((3, 2, 2), 1, 17), ((3, 2, 2), -2, 17), ((3, 2, 2), 3, 17)):
        start = axis if axis is not None and axis > 0 else len(shape) + 1 + (-1 if axis is None else axis)
        inner = shape[start - 1:]
        for epsilon, biased in ((None, True), (0.05, False)):
            constants = {"scale": noise(*inner)} | ({"shift": noise(*inner, seed=2)} if biased else {})
            attributes = ({} if axis is None else {"axis": axis}) | ({} if epsilon is None else {"epsilon": epsilon})
            single(family, f"LayerNormalization {shape}, axis {axis}, epsilon {epsilon}", shape, "LayerNormalization",
                   lambda h, c, i=inner, e=epsilon or 1e-5: F.layer_norm(h, i, c["scale"], c.get("shift"), e), attributes, constants, opset=opset)
    written_out(family)


def written_out(family):
    constants = {"two": scalar(2), "eps": scalar(1e-3), "scale": noise(4), "shift": noise(4, seed=2)}
    ending = [("Add", "v eps", "w1", {}), ("Sqrt", "w1", "s", {}), ("Div", "d s", "n", {}), ("Mul", "n scale", "o", {}), ("Add", "o shift", "y", {})]
    for opset in (9, 13):
        nodes = [("ReduceMean", "h", "m", {"axes": [-1]}), ("Sub", "h m", "d", {}), ("Pow", "d two", "q", {}), ("ReduceMean", "q", "v", {"axes": [-1]})] + ending
        graph(family, "LayerNormalization as PyTorch writes it out", (3, 4), nodes, lambda h, c: F.layer_norm(h, (4,), c["scale"], c["shift"], 1e-3), constants, opset=opset)
    nodes = [("ReduceMean", "h axes", "m", {"keepdims": 1}), ("Sub", "h m", "d", {}), ("Mul", "d d", "q", {}), ("ReduceMean", "q axes", "v", {"keepdims": 1})] + ending
    keys = {key: value for key, value in constants.items() if key != "two"}
    graph(family, "LayerNormalization written out with a product", (3, 4), nodes, lambda h, c: F.layer_norm(h, (4,), c["scale"], c["shift"], 1e-3), {"axes": i64(-1), **keys}, opset=18)
    graph(family, "a vector divided by its length", (4,), [("Mul", "h h", "q", {}), ("ReduceSum", "q axes", "v", {"keepdims": 1}), ("Sqrt", "v", "s", {}), ("Div", "h s", "y", {})],
          lambda h, c: F.normalize(h), {"axes": i64(1)})
    root = [("ReduceMean", "q", "v", {"axes": [2]}), ("Add", "v eps", "w1", {}), ("Sqrt", "w1", "s", {}), ("Reciprocal", "s", "r", {}), ("Mul", "h r", "n", {}), ("Mul", "scale n", "y", {})]
    graph(family, "root mean square norm", (3, 4), [("Pow", "h two", "q", {})] + root, lambda h, c: h / ((h ** 2).mean(-1, True) + 1e-3).sqrt() * c["scale"],
          {"two": scalar(2), "eps": scalar(1e-3), "scale": noise(4)})


def reductions():
    family = "reductions"
    for shape, axes in (((5,), [1]), ((3, 4), [1]), ((3, 4), [2]), ((3, 4), [-1]), ((3, 4), [1, 2]), ((3, 2, 2), [2, 3]), ((3, 2, 2), [1]), ((3, 2, 2), [-1, 1]), ((3, 2, 2), [1, 2, 3]), ((3, 2, 2), [-2])):
        for keep in (0, 1):
            if len(shape) + 1 - len(axes) == 1 and not keep:
                continue  # one number for each sample, without an axis for it
            for kind, function, latest in (("ReduceMean", torch.mean, 18), ("ReduceSum", torch.sum, 13)):
                old = (len(axes) + keep + len(shape)) % 2 == 0
                attributes = {"keepdims": keep} | ({"axes": axes} if old else {})
                single(family, f"{kind} {shape} over {axes}, keepdims {keep}", shape, kind, lambda h, c, f=function, a=axes, k=keep: f(h, a, bool(k)), attributes,
                       {} if old else {"axes": i64(*axes)}, opset=(9 if keep else 11) if old else latest, linear_after=len(axes) == len(shape))
    single(family, "ReduceMean with keepdims left out", (3, 4), "ReduceMean", lambda h, c: h.mean(2, True), {"axes": [2]}, opset=13)
    single(family, "GlobalAveragePool of an image", (3, 2, 3), "GlobalAveragePool", lambda h, c: h.mean((2, 3), True), opset=9)
    single(family, "GlobalAveragePool of a sequence", (3, 4), "GlobalAveragePool", lambda h, c: h.mean(2, True), layer="conv")


def declare():
    products()
    softmax()
    normalisation()
    reductions()
