"""Shapes, order of axes, parts and joins, paths of constants, number types."""
import itertools

import numpy as np
import torch
from onnx import numpy_helper
from torch.nn import functional as F

from operator_case import f32, graph, i64, noise, scalar, single


def tensor(value):
    return {"value": numpy_helper.from_array(np.asarray(value))}


def shapes():
    family = "shapes"
    image = (3, 2, 2)
    for target in ((0, -1), (-1, 12), (0, 4, 3), (0, 0, -1), (0, 0, 4), (-1, 3, 4), (0, 2, 0, -1), (0, 12, 1, 1)):
        turned = [("Reshape", "h s", "r", {}), ("Mul", "r k", "y", {})]
        torch_target = [(2, *image)[axis] if extent == 0 else extent for axis, extent in enumerate(target)]
        last = torch.empty(2, *image).reshape(torch_target).shape[-1]
        graph(family, f"Reshape to {target}", image, turned, lambda h, c, t=torch_target: h.reshape(t) * c["k"], {"s": i64(*target), "k": noise(last)}, opset=(9, 13, 14)[len(target) % 3])
    for batch in (1, 3):
        single(family, f"Reshape to a fixed batch of {batch}", image, "Reshape", lambda h, c, b=batch: h.reshape(b, 12), constants={"s": i64(batch, 12)}, batch=batch)
        single(family, f"Reshape to a fixed batch of {batch} and -1", image, "Reshape", lambda h, c, b=batch: h.reshape(b, 3, 4), constants={"s": i64(batch, -1, 4)}, batch=batch)
    single(family, "Reshape with allowzero", image, "Reshape", lambda h, c: h.reshape(-1, 12), {"allowzero": 1}, {"s": i64(-1, 12)}, opset=14)
    graph(family, "Reshape to tokens and back", (4, 2, 2), [("Reshape", "h s", "r", {}), ("Transpose", "r", "q", {"perm": [0, 2, 1]}), ("MatMul", "q W", "p", {}), ("Transpose", "p", "o", {"perm": [0, 2, 1]}), ("Reshape", "o u", "y", {})],
          lambda h, c: (h.flatten(2).transpose(1, 2) @ c["W"]).transpose(1, 2).reshape(-1, 3, 2, 2), {"s": i64(0, 4, -1), "W": noise(4, 3), "u": i64(-1, 3, 2, 2)})
    graph(family, "batch and tokens merged for a product", (3, 4), [("Reshape", "h s", "r", {}), ("Gemm", "r W B", "p", {}), ("Reshape", "p u", "y", {})],
          lambda h, c: h @ c["W"] + c["B"], {"s": i64(-1, 4), "W": noise(4, 2), "B": noise(2), "u": i64(-1, 3, 2)})
    for axis, opset in ((1, 9), (None, 11), (-3, 13)):
        single(family, f"Flatten on axis {axis}", image, "Flatten", lambda h, c: h.flatten(1), {} if axis is None else {"axis": axis}, opset=opset)
    single(family, "Flatten of a vector", (4,), "Flatten", lambda h, c: h)
    pooled = ("GlobalAveragePool", "h", "m", {})
    for name, nodes, constants, opset in (("by attribute", [("Squeeze", "m", "y", {"axes": [2, 3]})], {}, 9), ("by attribute, negative", [("Squeeze", "m", "y", {"axes": [-1, -2]})], {}, 11),
                                          ("by input", [("Squeeze", "m a", "y", {})], {"a": i64(2, 3)}, 13), ("one after the other", [("Squeeze", "m", "n", {"axes": [3]}), ("Squeeze", "n", "y", {"axes": [2]})], {}, 11)):
        graph(family, f"Squeeze {name}", image, [pooled, *nodes], lambda h, c: h.mean((2, 3)), constants, opset=opset)
    for axes, opset in (([1], 9), ([2], 11), ([-1], 11), ([1, 3], 9), ([-1, 1], 13), ([2], 13)):
        attributes, constants = ({"axes": axes}, {}) if opset < 13 else ({}, {"a": i64(*axes)})
        function = {1: lambda h: h[:, None], 2: lambda h: h[:, :, None], -1: lambda h: h[..., None]}
        expected = function[axes[0]] if len(axes) == 1 else lambda h: h[:, None, :, None]
        inputs = "h a" if constants else "h"
        kept = [("Unsqueeze", inputs, "u", attributes), ("Mul", "u k", "y", {})]
        graph(family, f"Unsqueeze {axes}", (4,), kept, lambda h, c, f=expected: f(h) * c["k"], {**constants, "k": noise(*([4, 1] if axes in ([2], [-1], [-1, 1], [1, 3]) else [4]))}, opset=opset)
    single(family, "Expand of channels", (3, 1, 2), "Expand", lambda h, c: h.expand(-1, -1, 2, -1), constants={"s": i64(1, 1, 2, 1)}, opset=9)
    single(family, "Expand of a smaller shape", (3, 1, 2), "Expand", lambda h, c: h.expand(-1, 3, 4, 2), constants={"s": i64(3, 4, 2)})
    graph(family, "Expand of a mean", (4,), [("ReduceMean", "h", "m", {"axes": [1], "keepdims": 1}), ("Expand", "m s", "y", {})], lambda h, c: h.mean(1, True).expand(-1, 3), {"s": i64(1, 3)})
    pads(family)


def pads(family):
    for name, pads, opset in (("an image", (0, 0, 1, 2, 0, 0, 0, 1), 9), ("an image", (0, 0, 1, 2, 0, 0, 0, 1), 11), ("channels", (0, 1, 0, 0, 0, 2, 0, 0), 13), ("negative", (0, 0, -1, 0, 0, 0, 0, 1), 13)):
        attributes, constants = ({"pads": list(pads)}, {}) if opset < 11 else ({}, {"p": i64(*pads)})
        order = [entry for axis in (3, 2, 1) for entry in (pads[axis], pads[4 + axis])]
        single(family, f"Pad of {name}", (3, 2, 2), "Pad", lambda h, c, o=order: F.pad(h, o), attributes, constants, opset=opset)
    single(family, "Pad by a value", (3, 4), "Pad", lambda h, c: F.pad(h, (1, 0), value=0.5), {"mode": "constant"}, {"p": i64(0, 0, 1, 0, 0, 0), "v": scalar(0.5)})
    single(family, "Pad of named axes", (3, 4), "Pad", lambda h, c: F.pad(h, (2, 1)), {"mode": "constant"}, {"p": i64(2, 1), "a": i64(2)}, inputs="h p _ a", opset=18)


def dynamic():
    """What PyTorch writes for view(x.size(0), -1) and relatives when the batch is symbolic."""
    family = "constant-paths"
    for opset in (9, 11, 13):
        axes, extra = ({"axes": [0]}, {}) if opset < 13 else ({}, {"zero": i64(0)})
        raise_ = ("Unsqueeze", "g" if opset < 13 else "g zero", "u", axes)
        nodes = [("Shape", "h", "s", {}), ("Constant", "", "i", tensor(np.int64(0))), ("Gather", "s i", "g", {"axis": 0}), raise_, ("Concat", "u rest", "t1", {"axis": 0}), ("Reshape", "h t1", "y", {})]
        graph(family, "view(x.size(0), -1)", (3, 2, 2), nodes, lambda h, c: h.flatten(1), {"rest": i64(-1), **extra}, opset=opset)
    nodes = [("Shape", "h", "s", {}), ("Slice", "s from to at", "b0", {}), ("Concat", "b0 rest", "t1", {"axis": 0}), ("Reshape", "h t1", "y", {})]
    graph(family, "flatten through a Slice of the shape", (3, 2, 2), nodes, lambda h, c: h.flatten(2), {"from": i64(0), "to": i64(1), "at": i64(0), "rest": i64(3, 4)}, opset=11)
    nodes = [("Shape", "h", "s", {"start": 0, "end": 1}), ("Concat", "s rest", "t1", {"axis": 0}), ("Reshape", "h t1", "y", {})]
    graph(family, "Shape with start and end", (3, 2, 2), nodes, lambda h, c: h.flatten(2), {"rest": i64(3, -1)}, opset=15)
    nodes = [("Shape", "h", "s", {}), ("Gather", "s one", "c1", {"axis": 0}), ("Gather", "s two", "c2", {"axis": 0}), ("Gather", "s three", "c3", {"axis": 0}), ("Mul", "c2 c3", "m", {}), ("Gather", "s zero", "n", {"axis": 0}),
             ("Unsqueeze", "n at", "n1", {}), ("Unsqueeze", "c1 at", "c11", {}), ("Unsqueeze", "m at", "m1", {}), ("Concat", "n1 c11 m1", "t1", {"axis": 0}), ("Reshape", "h t1", "r", {}), ("Transpose", "r", "y", {"perm": [0, 2, 1]})]
    graph(family, "extents multiplied", (3, 2, 2), nodes, lambda h, c: h.flatten(2).transpose(1, 2), {"zero": scalar(0, np.int64), "one": scalar(1, np.int64), "two": scalar(2, np.int64), "three": scalar(3, np.int64), "at": i64(0)})
    heads(family)
    token(family)
    constants(family)


def heads(family):
    """Heads folded into the batch, as nn.MultiheadAttention does."""
    nodes = [("Transpose", "h", "r", {"perm": [1, 0, 2]}), ("Shape", "r", "s", {}), ("Gather", "s one", "n", {"axis": 0}), ("Mul", "n heads", "nh", {}), ("Unsqueeze", "nh at", "nh1", {}),
             ("Concat", "tokens nh1 width", "t1", {"axis": 0}), ("Reshape", "r t1", "q", {}), ("Transpose", "q", "q1", {"perm": [1, 0, 2]}), ("Transpose", "q", "q2", {"perm": [1, 2, 0]}), ("MatMul", "q1 q2", "a", {}),
             ("Softmax", "a", "p", {"axis": -1}), ("MatMul", "p q1", "o", {}), ("Transpose", "o", "o1", {"perm": [1, 0, 2]}), ("Unsqueeze", "n at", "n1", {}), ("Concat", "tokens n1 full", "u1", {"axis": 0}),
             ("Reshape", "o1 u1", "o2", {}), ("Transpose", "o2", "y", {"perm": [1, 0, 2]})]

    def evaluate(h, c):
        q = h.reshape(-1, 3, 2, 2).transpose(1, 2)
        return (torch.softmax(q @ q.transpose(2, 3), -1) @ q).transpose(1, 2).flatten(2)

    graph(family, "heads folded into the batch", (3, 4), nodes, evaluate,
          {"one": scalar(1, np.int64), "heads": scalar(2, np.int64), "at": i64(0), "tokens": i64(3), "width": i64(2), "full": i64(4)})


def token(family):
    token_constant = {"cls": noise(1, 1, 4), "at": i64(0), "zero": scalar(0, np.int64), "rest": i64(1, 4)}
    size = [("Shape", "h", "s", {}), ("Gather", "s zero", "g", {"axis": 0}), ("Unsqueeze", "g at", "n", {}), ("Concat", "n rest", "t1", {"axis": 0})]
    graph(family, "a class token expanded to the batch", (3, 4), size + [("Expand", "cls t1", "e", {}), ("Concat", "e h", "y", {"axis": 1})],
          lambda h, c: torch.cat([c["cls"].expand(h.shape[0], 1, 4), h], 1), token_constant)
    graph(family, "a class token for a fixed batch", (3, 4), [("Expand", "cls s", "e", {}), ("Concat", "e h", "y", {"axis": 1})],
          lambda h, c: torch.cat([c["cls"].expand(3, 1, 4), h], 1), {"cls": noise(1, 1, 4), "s": i64(3, 1, 4)}, batch=3)
    filled = [("ConstantOfShape", "t1", "e", tensor(f32(0.75))), ("Concat", "e h", "y", {"axis": 1})]
    graph(family, "ConstantOfShape for the batch", (3, 4), size + filled, lambda h, c: torch.cat([torch.full((h.shape[0], 1, 4), 0.75, dtype=h.dtype), h], 1), {key: value for key, value in token_constant.items() if key != "cls"})
    written = [("Concat", "n rest", "t1", {"axis": 0}), ("Shape", "t1", "ts", {}), ("ConstantOfShape", "ts", "ones", tensor(i64(1))), ("Mul", "ones minus", "neg", {}), ("Equal", "t1 neg", "eq", {}),
               ("Where", "eq ones t1", "t2", {}), ("Expand", "cls t2", "e", {}), ("Concat", "e h", "y", {"axis": 1})]
    graph(family, "a class token expanded as PyTorch writes expand(n, -1, -1)", (3, 4), size[:3] + written, lambda h, c: torch.cat([c["cls"].expand(h.shape[0], 1, 4), h], 1),
          token_constant | {"rest": i64(-1, -1), "minus": scalar(-1, np.int64)})


def constants(family):
    graph(family, "Constant of a tensor", (4,), [("Constant", "", "k", tensor(f32(1, -2, 0.5, 3))), ("Mul", "h k", "y", {})], lambda h, c: h * torch.tensor([1, -2, 0.5, 3], dtype=h.dtype), opset=9)
    graph(family, "Constant of a number", (4,), [("Constant", "", "k", {"value_float": 1.5}), ("Mul", "h k", "y", {})], lambda h, c: h * 1.5, opset=12)
    graph(family, "Constant of numbers", (4,), [("Constant", "", "k", {"value_floats": [1.5, 2.0, -1.0, 0.5]}), ("Mul", "h k", "y", {})], lambda h, c: h * torch.tensor([1.5, 2, -1, 0.5], dtype=h.dtype), opset=13)
    graph(family, "Constant of whole numbers", (4,), [("Constant", "", "k", {"value_ints": [0, 2, 2]}), ("Reshape", "h k", "r", {}), ("Transpose", "r", "y", {"perm": [0, 2, 1]})], lambda h, c: h.reshape(-1, 2, 2).transpose(1, 2), opset=13)
    graph(family, "Cast of a constant", (4,), [("Cast", "i", "k", {"to": 1}), ("Mul", "h k", "y", {})], lambda h, c: h * c["i"], {"i": i64(1, 2, 3, -4)})
    graph(family, "Cast of a value", (4,), [("Cast", "h", "k", {"to": 1}), ("Tanh", "k", "y", {})], lambda h, c: torch.tanh(h), opset=9)
    graph(family, "ConstantOfShape", (4,), [("ConstantOfShape", "i", "k", tensor(f32(2.5))), ("Add", "h k", "y", {})], lambda h, c: h + 2.5, {"i": i64(4)}, opset=9)
    graph(family, "ConstantOfShape of zeros", (4,), [("ConstantOfShape", "i", "k", {}), ("Add", "h k", "y", {})], lambda h, c: h + 0, {"i": i64(1, 4)}, opset=9)
    graph(family, "constants joined, cut and turned", (4,), [("Concat", "a b1", "k", {"axis": 1}), ("Transpose", "k", "k1", {"perm": [1, 0]}), ("Slice", "k1 from to", "k2", {}), ("MatMul", "h k2", "y", {})],
          lambda h, c: h @ torch.cat([c["a"], c["b1"]], 1).T[1:5], {"a": noise(3, 2), "b1": noise(3, 3), "from": i64(1), "to": i64(5)}, opset=10)
    graph(family, "embeddings picked by constant indices", (3, 4), [("Gather", "table ids", "e", {"axis": 0}), ("Add", "h e", "y", {})], lambda h, c: h + c["table"][c["ids"]], {"table": noise(6, 4), "ids": i64(4, 0, 2)})
    unused = [("Tanh", "h", "y", {}), ("Shape", "h", "unused", {}), ("Exp", "h", "unused2", {})]
    graph(family, "nodes that lead nowhere", (4,), unused, lambda h, c: torch.tanh(h))


def orders():
    family = "orders"
    for perm in itertools.permutations((1, 2, 3)):
        graph(family, f"Transpose (0, {perm})", (2, 3, 2), [("Transpose", "h", "r", {"perm": [0, *perm]}), ("Mul", "r k", "y", {})], lambda h, c, p=perm: h.permute(0, *p) * c["k"], {"k": noise((2, 3, 2)[perm[2] - 1])}, opset=9)
    graph(family, "Transpose of tokens", (3, 4), [("Transpose", "h", "y", {"perm": [0, 2, 1]})], lambda h, c: h.transpose(1, 2))
    graph(family, "tokens first and back", (3, 4), [("Transpose", "h", "r", {"perm": [1, 0, 2]}), ("MatMul", "r W", "p", {}), ("Add", "p B", "q", {}), ("Transpose", "q", "y", {"perm": [1, 0, 2]})],
          lambda h, c: h @ c["W"] + c["B"], {"W": noise(4, 2), "B": noise(2)})
    graph(family, "batch last and back", (3, 4), [("Transpose", "h", "r", {"perm": [2, 1, 0]}), ("Tanh", "r", "p", {}), ("Transpose", "p", "y", {})], lambda h, c: torch.tanh(h), {})
    graph(family, "Transpose of a vector twice", (4,), [("Transpose", "h", "r", {}), ("Sigmoid", "r", "p", {}), ("Transpose", "p", "y", {"perm": [1, 0]})], lambda h, c: torch.sigmoid(h))
    concats(family)
    splits(family)
    slices(family)
    gathers(family)


def concats(family):
    for shape, axis in (((4,), 1), ((4,), -1), ((3, 4), 1), ((3, 4), 2), ((3, 2, 2), 1), ((3, 2, 2), 2), ((3, 2, 2), 3), ((3, 2, 2), -3)):
        graph(family, f"Concat {shape} on axis {axis}", shape, [("Tanh", "h", "a", {}), ("Concat", "h a", "y", {"axis": axis})], lambda h, c, a=axis: torch.cat([h, torch.tanh(h)], a))
    three = [("Tanh", "h", "a", {}), ("Exp", "h", "b1", {}), ("Concat", "a h b1", "y", {"axis": 1})]
    graph(family, "Concat of three", (3, 2, 2), three, lambda h, c: torch.cat([torch.tanh(h), h, torch.exp(h)], 1), opset=9)
    graph(family, "Concat of one", (4,), [("Tanh", "h", "a", {}), ("Concat", "a", "y", {"axis": 1})], lambda h, c: torch.tanh(h))
    graph(family, "Concat of a value and itself", (3, 4), [("Concat", "h h", "y", {"axis": 2})], lambda h, c: torch.cat([h, h], 2))
    sizes = [("MaxPool", "h", "a", {"kernel_shape": [1, 2]}), ("Concat", "h a", "y", {"axis": 3})]
    graph(family, "Concat of different extents", (3, 2, 2), sizes, lambda h, c: torch.cat([h, F.max_pool2d(h, (1, 2), 1)], 3))
    graph(family, "DenseNet's block", (2, 3, 3), [("Relu", "h", "a", {}), ("Conv", "a W1", "b1", {"pads": [1, 1, 1, 1]}), ("Concat", "h b1", "d", {"axis": 1}), ("Relu", "d", "e", {}), ("Conv", "e W2", "f", {}), ("Concat", "d f", "y", {"axis": 1})],
          lambda h, c: densely(h, c), {"W1": noise(2, 2, 3, 3), "W2": noise(1, 4, 1, 1)})
    graph(family, "channels shuffled", (4, 2, 2), [("Reshape", "h s", "r", {}), ("Transpose", "r", "q", {"perm": [0, 2, 1, 3, 4]}), ("Reshape", "q u", "y", {})],
          lambda h, c: h.reshape(-1, 2, 2, 2, 2).transpose(1, 2).reshape(-1, 4, 2, 2), {"s": i64(-1, 2, 2, 2, 2), "u": i64(-1, 4, 2, 2)})


def densely(h, c):
    d = torch.cat([h, F.conv2d(torch.relu(h), c["W1"], padding=1)], 1)
    return torch.cat([d, F.conv2d(torch.relu(d), c["W2"])], 1)


def splits(family):
    def product(parts, order=(0, 1)):
        return [("Tanh", f"p{order[0]}", "a", {}), ("Mul", f"a p{order[1]}", "y", {})]

    for name, node, constant, opset in (("equal", ("Split", "h", "p0 p1", {"axis": 1}), {}, 9), ("by attribute", ("Split", "h", "p0 p1", {"axis": 1, "split": [3, 3]}), {}, 11),
                                        ("by input", ("Split", "h s", "p0 p1", {"axis": 1}), {"s": i64(3, 3)}, 13), ("num_outputs", ("Split", "h", "p0 p1", {"axis": -1, "num_outputs": 2}), {}, 18)):
        graph(family, f"Split {name}", (6,), [node] + product(2), lambda h, c: torch.tanh(h[:, :3]) * h[:, 3:], constant, opset=opset)
    graph(family, "Split into three of an image", (3, 2, 2), [("Split", "h", "p0 p1 p2", {"axis": 1})] + product(3, (2, 0)), lambda h, c: torch.tanh(h[:, 2:]) * h[:, :1], opset=13)
    graph(family, "Split on the last axis", (3, 4), [("Split", "h s", "p0 p1", {"axis": -1}), ("Concat", "p1 p0", "y", {"axis": 2})], lambda h, c: torch.cat([h[..., 1:], h[..., :1]], 2), {"s": i64(1, 3)})
    graph(family, "Split unevenly by num_outputs", (5,), [("Split", "h", "p0 p1", {"axis": 1, "num_outputs": 2}), ("Tanh", "p1", "a", {}), ("Concat", "a p0", "y", {"axis": 1})], lambda h, c: torch.cat([torch.tanh(h[:, 3:]), h[:, :3]], 1), opset=18)
    graph(family, "Split of which one part is used", (6,), [("Split", "h", "p0 p1 p2", {"axis": 1}), ("Tanh", "p1", "y", {})], lambda h, c: torch.tanh(h[:, 2:4]), opset=9)


def slices(family):
    cases = [((6,), [1], [4], [1], None), ((6,), [-3], [-1], [1], None), ((6,), [0], [2 ** 63 - 1], [-1], [2]), ((3, 4), [0, 1], [2, 3], [1, 2], None), ((3, 4), [2], [100], [-1], None), ((3, 2, 2), [1], [2], [1], [1]),
             ((3, 4), [1], [4], [2], [2]), ((6,), [-1], [-2 ** 63 + 1], [1], [-1]), ((6,), [4], [0], [1], [-2]), ((3, 4, 2), [2, 0], [0, 2], [2, 3], [-1, 1]), ((3, 2, 2), [0, 0], [1, 2 ** 31 - 1], [3, 1], [1, 2])]
    for starts_, ends, opset in (([1], [4], 9),):
        single(family, "Slice by attributes", (6,), "Slice", lambda h, c: h[:, 1:4], {"axes": [1], "starts": starts_, "ends": ends}, opset=opset)
    single(family, "Slice by attributes, negative", (3, 4), "Slice", lambda h, c: h[:, -2:, :-1], {"axes": [1, 2], "starts": [-2, 0], "ends": [2 ** 31 - 1, -1]}, opset=9)
    for (shape, starts, ends, axes, steps), opset in zip(cases, itertools.cycle((10, 11, 13))):
        constant = {"starts": i64(*starts), "ends": i64(*ends), "axes": i64(*axes)} | ({} if steps is None else {"steps": i64(*steps)})
        index = [slice(None)] * (len(shape) + 1)
        for start, end, axis, step in zip(starts, ends, axes, steps or [1] * len(axes)):
            index[axis] = slice(start, end, step)
        single(family, f"Slice {shape} from {starts} to {ends} on {axes} by {steps}", shape, "Slice", lambda h, c, i=tuple(index): sliced(h, i), constants=constant, opset=opset)
    single(family, "Slice without axes", (3, 4), "Slice", lambda h, c: h[:, 1:3], constants={"starts": i64(0, 1), "ends": i64(2 ** 62, 3)}, opset=10)
    graph(family, "the first token", (3, 4), [("Slice", "h from to axes", "a", {}), ("Squeeze", "a axes", "y", {})], lambda h, c: h[:, 0], {"from": i64(0), "to": i64(1), "axes": i64(1)})
    graph(family, "patches by Slice and Concat", (2, 2, 2), [("Slice", "h z one ax two", "a", {}), ("Slice", "h one end ax two", "b1", {}), ("Concat", "a b1", "y", {"axis": 1})],
          lambda h, c: torch.cat([h[:, :, 0:1], h[:, :, 1:]], 1), {"z": i64(0), "one": i64(1), "end": i64(2 ** 63 - 1), "ax": i64(2), "two": i64(2)})


def sliced(h, index):
    """Negative steps, which torch refuses in an index, by numpy's list of positions."""
    for axis, part in enumerate(index):
        h = h.index_select(axis, torch.tensor(list(range(h.shape[axis]))[part]))
    return h


def gathers(family):
    for shape, axis, indices in (((6,), 1, [0, 2, 5]), ((6,), 1, [-1, 0]), ((6,), -1, [3, 3, 1]), ((3, 4), 1, [2, 0]), ((3, 4), 2, [[0, 1], [3, 2]]), ((3, 4), -2, [-1]), ((3, 2, 2), 1, [2, 1, 0]), ((3, 2, 2), 3, [1]), ((3, 2, 2), 2, [0, 0, 1])):
        single(family, f"Gather {shape} on axis {axis} of {indices}", shape, "Gather", lambda h, c, a=axis: gathered(h, a, c["i"]), {"axis": axis}, {"i": np.array(indices, np.int64)}, opset=11)
    for shape, axis, index, opset in (((3, 4), 1, 0, 9), ((3, 4), 2, 3, 13), ((3, 4), 1, -1, 11), ((3, 2, 2), 1, 1, 13), ((3, 2, 2), -1, 0, 13)):
        single(family, f"Gather {shape} on axis {axis} of the number {index}", shape, "Gather", lambda h, c, a=axis, i=index: h.select(a, i), {"axis": axis}, {"i": scalar(index, np.int64)}, opset=opset)
    single(family, "Gather by 32 bits", (6,), "Gather", lambda h, c: h[:, [4, 1]], {"axis": 1}, {"i": np.array([4, 1], np.int32)})
    nodes = [("Reshape", "h s", "r", {}), ("Transpose", "r", "q", {"perm": [2, 0, 1, 3]}), ("Gather", "q zero", "a", {"axis": 0}), ("Gather", "q one", "b1", {"axis": 0}), ("Mul", "a b1", "y", {})]
    graph(family, "parts stacked before the batch, as qkv[0]", (3, 4), nodes, lambda h, c: h[..., :2] * h[..., 2:], {"s": i64(0, 3, 2, 2), "zero": scalar(0, np.int64), "one": scalar(1, np.int64)})


def gathered(h, axis, indices):
    axis %= h.dim()
    y = h.index_select(axis, indices.reshape(-1) % h.shape[axis])
    return y.reshape(*h.shape[:axis], *indices.shape, *h.shape[axis + 1:])


def types():
    family = "number-types"
    wide = np.float64
    third = {"W": np.random.default_rng(1).standard_normal((4, 3)), "B": np.random.default_rng(2).standard_normal(3)}
    graph(family, "float64 throughout", (4,), [("Gemm", "h W B", "p", {}), ("Tanh", "p", "y", {})], lambda h, c: torch.tanh(h @ c["W"] + c["B"]), third, element=wide)
    graph(family, "a float64 image", (2, 3, 3), [("Conv", "h W", "p", {"pads": [1, 1, 1, 1]}), ("Sigmoid", "p", "y", {})], lambda h, c: torch.sigmoid(F.conv2d(h, c["W"], padding=1)),
          {"W": np.random.default_rng(3).standard_normal((2, 2, 3, 3))}, element=wide)
    half = {key: value.astype(np.float16) for key, value in third.items()}
    graph(family, "float16 weights cast to float32", (4,), [("Cast", "W", "V", {"to": 1}), ("Cast", "B", "C", {"to": 1}), ("Gemm", "h V C", "y", {})], lambda h, c: h @ c["W"] + c["B"], half)
    graph(family, "float64 weights cast to float32", (4,), [("Cast", "W", "V", {"to": 1}), ("MatMul", "h V", "y", {})], lambda h, c: h @ c["W"].float().double(), {"W": third["W"].astype(np.float32).astype(wide)})


def declare():
    shapes()
    dynamic()
    orders()
    types()
