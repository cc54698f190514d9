"""Convolutions and pooling."""
import torch
from torch.nn import functional as F

from operator_case import noise, single

CONVOLUTION = {1: F.conv1d, 2: F.conv2d}


def padded(h, pads, value=0.0):
    """pads as ONNX has them: all beginnings, then all ends."""
    axes = len(pads) // 2
    order = [entry for axis in reversed(range(axes)) for entry in (pads[axis], pads[axes + axis])]
    return F.pad(h, order, value=value)


def same_pads(extents, kernel, strides, dilations, lower):
    """SAME_UPPER and SAME_LOWER: as many windows as extent / stride rounded up; the odd pixel at the end, or the beginning."""
    totals = [max((-(-extent // stride) - 1) * stride + (size - 1) * dilation + 1 - extent, 0) for extent, size, stride, dilation in zip(extents, kernel, strides, dilations)]
    small, large = [total // 2 for total in totals], [total - total // 2 for total in totals]
    return large + small if lower else small + large


def pads_of(attributes, extents, kernel):
    axes = len(extents)
    strides, dilations = attributes.get("strides", [1] * axes), attributes.get("dilations", [1] * axes)
    automatic = attributes.get("auto_pad", "NOTSET")
    if automatic.startswith("SAME"):
        return same_pads(extents, kernel, strides, dilations, automatic == "SAME_LOWER")
    return attributes.get("pads", [0] * (2 * axes))


def convolve(h, c, attributes):
    weight = c["W"]
    axes = weight.dim() - 2
    h = padded(h, pads_of(attributes, h.shape[2:], weight.shape[2:]))
    return CONVOLUTION[axes](h, weight, c.get("B"), attributes.get("strides", 1), 0, attributes.get("dilations", 1), attributes.get("group", 1))


# input, weight, is there a bias, attributes
CONVOLUTIONS = [
    ((2, 4, 4), (3, 2, 3, 3), True, {}),
    ((2, 4, 4), (3, 2, 3, 3), False, {"pads": [1, 1, 1, 1]}),
    ((2, 4, 4), (3, 2, 1, 1), True, {}),
    ((2, 4, 4), (3, 2, 1, 1), False, {"strides": [2, 2]}),
    ((2, 4, 4), (2, 2, 2, 2), True, {"strides": [2, 2]}),
    ((2, 5, 4), (2, 2, 3, 2), True, {"strides": [2, 1], "pads": [1, 0, 1, 1]}),
    ((2, 4, 5), (2, 2, 1, 3), True, {"pads": [0, 1, 0, 1]}),
    ((2, 4, 4), (2, 2, 3, 3), True, {"pads": [0, 1, 2, 0]}),
    ((1, 5, 5), (2, 1, 3, 3), True, {"dilations": [2, 2]}),
    ((2, 5, 4), (2, 2, 2, 3), True, {"dilations": [3, 1], "pads": [1, 1, 1, 1]}),
    ((1, 6, 5), (2, 1, 3, 2), False, {"dilations": [2, 1], "strides": [1, 2], "pads": [2, 0, 2, 1]}),
    ((4, 3, 3), (4, 2, 2, 2), True, {"group": 2}),
    ((4, 3, 3), (6, 2, 3, 3), False, {"group": 2, "pads": [1, 1, 1, 1], "strides": [2, 2]}),
    ((3, 3, 3), (3, 1, 3, 3), True, {"group": 3, "pads": [1, 1, 1, 1]}),
    ((3, 3, 3), (6, 1, 2, 2), False, {"group": 3, "dilations": [2, 1]}),
    ((2, 4, 4), (2, 2, 3, 3), True, {"auto_pad": "SAME_UPPER"}),
    ((2, 4, 4), (2, 2, 3, 3), True, {"auto_pad": "SAME_LOWER", "strides": [2, 2]}),
    ((2, 4, 4), (2, 2, 2, 2), True, {"auto_pad": "SAME_UPPER"}),
    ((2, 4, 4), (2, 2, 2, 2), False, {"auto_pad": "SAME_LOWER"}),
    ((1, 5, 4), (2, 1, 3, 3), False, {"auto_pad": "SAME_UPPER", "strides": [2, 3]}),
    ((1, 5, 4), (2, 1, 2, 3), False, {"auto_pad": "SAME_UPPER", "dilations": [2, 1]}),
    ((2, 4, 4), (2, 2, 3, 3), True, {"auto_pad": "VALID", "strides": [1, 2]}),
    ((2, 3, 3), (2, 2, 3, 3), True, {"auto_pad": "NOTSET", "pads": [1, 1, 1, 1]}),
    ((2, 2, 2), (2, 2, 3, 3), True, {"pads": [3, 3, 3, 3], "strides": [2, 2]}),
    ((2, 3, 3), (2, 2, 3, 3), True, {"strides": [3, 3]}),
    ((2, 6), (3, 2, 3), True, {}),
    ((2, 6), (3, 2, 3), False, {"pads": [1, 1], "strides": [2]}),
    ((2, 6), (3, 2, 2), True, {"pads": [0, 2], "dilations": [2]}),
    ((4, 5), (4, 1, 3), True, {"group": 4, "pads": [1, 1]}),
    ((4, 5), (2, 2, 2), False, {"group": 2, "strides": [2]}),
    ((2, 6), (2, 2, 1), True, {}),
    ((2, 6), (2, 2, 4), True, {"auto_pad": "SAME_UPPER"}),
    ((2, 5), (2, 2, 4), True, {"auto_pad": "SAME_LOWER", "strides": [2]}),
    ((2, 5), (2, 2, 2), True, {"auto_pad": "VALID"}),
]


def convolutions():
    family = "convolutions"
    for index, (shape, weight, biased, attributes) in enumerate(CONVOLUTIONS):
        constants = {"W": noise(*weight)} | ({"B": noise(weight[0])} if biased else {})
        written = attributes | ({"kernel_shape": list(weight[2:])} if index % 3 else {})
        single(family, f"Conv {shape}, W {weight}, bias {biased}, {attributes}", shape, "Conv", lambda h, c, a=attributes: convolve(h, c, a), written, constants,
               opset=(9, 11, 13, 21)[index % 4], layer=None)


def max_pool(h, attributes):
    axes = h.dim() - 2
    kernel = attributes["kernel_shape"]
    h = padded(h, pads_of(attributes, h.shape[2:], kernel), float("-inf"))
    function = F.max_pool1d if axes == 1 else F.max_pool2d
    return function(h, kernel, attributes.get("strides", [1] * axes), 0, attributes.get("dilations", 1), bool(attributes.get("ceil_mode", 0)))


def average_pool(h, attributes):
    """Sums of windows divided by the number of entries counted: those of the image, or the padding's too; never those beyond, which ceil_mode adds."""
    axes = h.dim() - 2
    kernel, strides = attributes["kernel_shape"], attributes.get("strides", [1] * axes)
    pads = pads_of(attributes, h.shape[2:], kernel)
    ones = torch.ones_like(h)
    counted = padded(ones, pads, 1.0 if attributes.get("count_include_pad", 0) else 0.0)
    sums = [window_sums(values, kernel, strides, bool(attributes.get("ceil_mode", 0))) for values in (padded(h, pads), counted)]
    return sums[0] / sums[1]


def window_sums(values, kernel, strides, ceil):
    """ceil: the padded image is continued by zeros to the last window that begins inside it."""
    extra = [0] * len(kernel)
    if ceil:
        for axis, (size, stride) in enumerate(zip(kernel, strides)):
            over = (values.shape[2 + axis] - size) % stride
            extra[axis] = 0 if over == 0 else stride - over
    values = padded(values, [0] * len(kernel) + extra)
    for axis, (size, stride) in enumerate(zip(kernel, strides)):
        values = values.unfold(2 + axis, size, stride)
    return values.sum(tuple(range(-len(kernel), 0)))


POOLS = [
    ((2, 4, 4), {"kernel_shape": [2, 2], "strides": [2, 2]}, 9),
    ((2, 4, 4), {"kernel_shape": [2, 2]}, 9),
    ((1, 5, 4), {"kernel_shape": [3, 2], "strides": [2, 1]}, 11),
    ((2, 4, 4), {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1]}, 10),
    ((2, 4, 4), {"kernel_shape": [2, 2], "strides": [2, 2], "pads": [0, 0, 1, 1]}, 12),
    ((2, 4, 4), {"kernel_shape": [3, 3], "pads": [1, 0, 0, 1]}, 9),
    ((1, 5, 5), {"kernel_shape": [2, 2], "strides": [2, 2], "ceil_mode": 1}, 10),
    ((1, 5, 6), {"kernel_shape": [3, 3], "strides": [2, 2], "ceil_mode": 1}, 13),
    ((1, 6, 6), {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1], "ceil_mode": 1}, 11),
    ((2, 4, 4), {"kernel_shape": [3, 3], "strides": [2, 2], "auto_pad": "SAME_UPPER"}, 9),
    ((2, 4, 4), {"kernel_shape": [2, 2], "auto_pad": "SAME_LOWER"}, 12),
    ((1, 5, 5), {"kernel_shape": [2, 3], "strides": [2, 2], "auto_pad": "VALID"}, 12),
    ((2, 6), {"kernel_shape": [2], "strides": [2]}, 9),
    ((2, 6), {"kernel_shape": [3], "strides": [2], "pads": [1, 1]}, 11),
    ((2, 6), {"kernel_shape": [3], "strides": [2], "ceil_mode": 1}, 10),
]
MAX_ONLY = [
    ((1, 5, 5), {"kernel_shape": [2, 2], "dilations": [2, 2]}, 10),
    ((1, 6, 5), {"kernel_shape": [3, 2], "dilations": [2, 1], "strides": [1, 2], "pads": [1, 1, 1, 0]}, 11),
    ((2, 6), {"kernel_shape": [3], "dilations": [2]}, 12),
]
AVERAGE_ONLY = [
    ((2, 4, 4), {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1], "count_include_pad": 1}, 9),
    ((2, 4, 4), {"kernel_shape": [3, 3], "pads": [1, 0, 0, 1], "count_include_pad": 1}, 11),
    ((1, 5, 5), {"kernel_shape": [2, 2], "strides": [2, 2], "ceil_mode": 1, "count_include_pad": 1}, 19),
    ((2, 4, 4), {"kernel_shape": [3, 3], "strides": [2, 2], "auto_pad": "SAME_UPPER", "count_include_pad": 1}, 13),
    ((2, 6), {"kernel_shape": [4], "strides": [3], "pads": [1, 1], "count_include_pad": 1}, 11),
    ((1, 6, 6), {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1], "ceil_mode": 1, "count_include_pad": 1}, 19),
]


def pools():
    family = "pools"
    for cases, kind, function in ((POOLS + MAX_ONLY, "MaxPool", max_pool), (POOLS + AVERAGE_ONLY, "AveragePool", average_pool)):
        for shape, attributes, opset in cases:
            single(family, f"{kind} {shape}, {attributes}", shape, kind, lambda h, c, f=function, a=attributes: f(h, a), attributes, opset=opset, layer="conv")
    # PyTorch leaves out a window that begins beyond the image and its padding at the start: two outputs for extent 5, kernel 2, stride 3, padding 1, not three.
    begins_outside = {"kernel_shape": [2, 2], "strides": [3, 3], "pads": [1, 1, 1, 1], "ceil_mode": 1}
    single(family, "MaxPool whose last window would begin in the padding", (1, 5, 5), "MaxPool", lambda h, c: F.max_pool2d(h, 2, 3, 1, ceil_mode=True), begins_outside, opset=11)
    single(family, "AveragePool whose last window would begin in the padding", (1, 5, 5), "AveragePool", lambda h, c: F.avg_pool2d(h, 2, 3, 1, ceil_mode=True, count_include_pad=True),
           begins_outside | {"count_include_pad": 1}, opset=19)


def declare():
    convolutions()
    pools()
