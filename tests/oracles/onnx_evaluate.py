"""Evaluates an ONNX model with NumPy and PyTorch, operator by operator, as the format's documentation has them.

    onnx_evaluate.py MODEL.onnx DATA.npz [OUTPUT.npy] [--double]

DATA.npz holds x (N, ...) and, if accuracy is wanted, y (N,); or x_test and y_test, which go first. The model must pass
onnx.checker with full_check. Prints the accuracy; OUTPUT.npy gets the logits; --double computes in double precision from the
file's numbers. Shares no code with what wrote the model.
"""
import sys

import numpy
import onnx
import torch
from onnx import helper, numpy_helper
from torch.nn import functional


def attributes(node):
    return {entry.name: helper.get_attribute_value(entry) for entry in node.attribute}


def pads(attribute, axes):
    padding = list(attribute.get("pads", [0] * (2 * axes)))
    automatic = attribute.get("auto_pad", b"NOTSET")
    if automatic not in (b"NOTSET", b"VALID"):
        raise NotImplementedError(f"auto_pad {automatic}")
    return padding[:axes], padding[axes:]


def padded(x, before, after, value):
    widths = [width for pair in reversed(list(zip(before, after))) for width in pair]
    return functional.pad(x, widths, value=value) if any(widths) else x


def convolve(attribute, x, weight, bias=None):
    axes = weight.dim() - 2
    before, after = pads(attribute, axes)
    run = {1: functional.conv1d, 2: functional.conv2d}[axes]
    return run(padded(x, before, after, 0.0), weight, bias, attribute.get("strides", [1] * axes), 0, attribute.get("dilations", [1] * axes), attribute.get("group", 1))


def max_pool(attribute, x):
    axes = x.dim() - 2
    before, after = pads(attribute, axes)
    run = {1: functional.max_pool1d, 2: functional.max_pool2d}[axes]
    return run(padded(x, before, after, -float("inf")), attribute["kernel_shape"], attribute.get("strides", [1] * axes), 0, attribute.get("dilations", [1] * axes), bool(attribute.get("ceil_mode", 0)))


def average_pool(attribute, x):
    axes = x.dim() - 2
    before, after = pads(attribute, axes)
    run = {1: functional.avg_pool1d, 2: functional.avg_pool2d}[axes]

    def mean(values):
        return run(padded(values, before, after, 0.0), attribute["kernel_shape"], attribute.get("strides", [1] * axes), 0, bool(attribute.get("ceil_mode", 0)))
    return mean(x) if attribute.get("count_include_pad", 0) else mean(x) / mean(torch.ones_like(x))


def gemm(attribute, a, b, c=None):
    a = a.T if attribute.get("transA", 0) else a
    b = b.T if attribute.get("transB", 0) else b
    product = attribute.get("alpha", 1.0) * (a @ b)
    return product if c is None else product + attribute.get("beta", 1.0) * c


def batch_normalization(attribute, x, scale, shift, mean, variance):
    return functional.batch_norm(x, mean, variance, scale, shift, False, 0.0, attribute.get("epsilon", 1e-5))


def layer_normalization(attribute, x, scale, shift=None):
    return functional.layer_norm(x, list(x.shape[attribute.get("axis", -1):]), scale, shift, attribute.get("epsilon", 1e-5))


def reshape(attribute, x, shape):
    extents = [x.shape[i] if extent == 0 and not attribute.get("allowzero", 0) else int(extent) for i, extent in enumerate(shape.tolist())]
    return x.reshape(extents)


def pad(attribute, x, widths=None, value=None):
    widths = attribute["pads"] if widths is None else widths.tolist()
    value = attribute.get("value", 0.0) if value is None else float(value)
    return padded(x, widths[:x.dim()], widths[x.dim():], value)


def reduce_mean(attribute, x, axes=None):
    axes = attribute["axes"] if axes is None else axes.tolist()
    return x.mean(list(axes), keepdim=bool(attribute.get("keepdims", 1)))


def flatten(attribute, x):
    axis = attribute.get("axis", 1)
    return x.reshape(int(numpy.prod(x.shape[:axis])), -1)


OPERATORS = {
    "Add": lambda _, a, b: a + b,
    "Sub": lambda _, a, b: a - b,
    "Mul": lambda _, a, b: a * b,
    "Div": lambda _, a, b: a / b,
    "Gemm": gemm,
    "MatMul": lambda _, a, b: a @ b,
    "Conv": convolve,
    "BatchNormalization": batch_normalization,
    "LayerNormalization": layer_normalization,
    "LpNormalization": lambda attribute, x: functional.normalize(x, attribute.get("p", 2), attribute.get("axis", -1), 1e-300),
    "Relu": lambda _, x: x.clamp(min=0.0),
    "LeakyRelu": lambda attribute, x: functional.leaky_relu(x, attribute.get("alpha", 0.01)),
    "Elu": lambda attribute, x: functional.elu(x, attribute.get("alpha", 1.0)),
    "Selu": lambda _, x: functional.selu(x),
    "HardSigmoid": lambda attribute, x: (attribute.get("alpha", 0.2) * x + attribute.get("beta", 0.5)).clamp(0.0, 1.0),
    "HardSwish": lambda _, x: functional.hardswish(x),
    "Sigmoid": lambda _, x: torch.sigmoid(x),
    "Tanh": lambda _, x: torch.tanh(x),
    "Erf": lambda _, x: torch.erf(x),
    "Cos": lambda _, x: torch.cos(x),
    "Softmax": lambda attribute, x: functional.softmax(x, attribute.get("axis", -1)),
    "LogSoftmax": lambda attribute, x: functional.log_softmax(x, attribute.get("axis", -1)),
    "MaxPool": max_pool,
    "AveragePool": average_pool,
    "GlobalAveragePool": lambda _, x: x.mean(list(range(2, x.dim())), keepdim=True),
    "ReduceMean": reduce_mean,
    "Flatten": flatten,
    "Reshape": reshape,
    "Transpose": lambda attribute, x: x.permute(*attribute["perm"]),
    "Pad": pad,
    "Identity": lambda _, x: x,
    "Constant": lambda attribute: torch.from_numpy(numpy.array(numpy_helper.to_array(attribute["value"]))),
    "Shape": lambda _, x: torch.tensor(x.shape),
    "Gather": lambda attribute, x, indices: torch.from_numpy(numpy.asarray(numpy.take(x.numpy(), indices.numpy(), axis=attribute.get("axis", 0)))),
    "Concat": lambda attribute, *parts: torch.cat(parts, attribute["axis"]),
    "Unsqueeze": lambda attribute, x, axes=None: torch.from_numpy(numpy.expand_dims(x.numpy(), tuple(attribute["axes"] if axes is None else axes.tolist()))),
}


def evaluate(model, x, double):
    graph = model.graph

    def real(tensor):
        return tensor.double() if double and tensor.is_floating_point() else tensor
    values = {tensor.name: real(torch.from_numpy(numpy.array(numpy_helper.to_array(tensor)))) for tensor in graph.initializer}
    free = [entry for entry in graph.input if entry.name not in values]
    values[free[0].name] = torch.from_numpy(x).to(torch.float64 if double or free[0].type.tensor_type.elem_type == onnx.TensorProto.DOUBLE else torch.float32)
    for node in graph.node:
        values[node.output[0]] = real(OPERATORS[node.op_type](attributes(node), *[values[name] if name else None for name in node.input]))
    return values[graph.output[0].name].numpy()


def main():
    switches = [argument for argument in sys.argv[1:] if argument.startswith("--")]
    paths = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    model = onnx.load(paths[0])
    onnx.checker.check_model(model, full_check=True)
    data = numpy.load(paths[1])
    suffix = "_test" if "x_test" in data else ""
    x = data["x" + suffix]
    fixed, *extents = [entry.dim_value for entry in model.graph.input[0].type.tensor_type.shape.dim]
    batch = fixed or 500
    logits = []
    for start in range(0, len(x), batch):
        # A model that was exported for so many samples takes no fewer.
        part = numpy.resize(x[start:start + batch], [fixed or len(x[start:start + batch])] + extents)
        logits.append(evaluate(model, part, "--double" in switches)[:len(x) - start])
    logits = numpy.concatenate(logits)
    if len(paths) > 2:
        numpy.save(paths[2], logits.astype(numpy.float64))
    if "y" + suffix in data:
        print(repr(float((logits.argmax(axis=1) == data["y" + suffix].ravel()).mean())))


if __name__ == "__main__":
    main()
