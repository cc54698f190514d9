#!/usr/bin/env python3
"""Writes the networks that import is tested on: each trained a little, exported by torch.onnx.export (float32) or built node by node as other exporters do,
with what PyTorch computes from the same float32 weights in float64: logits, loss, gradient, eigenvalues of the whole Hessian and Gauss-Newton matrix and of each layer's.

    python3 tests/oracles/onnx_models.py [NAME...]

Made with PyTorch 1.13 and onnx 1.12. A class token, a position embedding and a mask are constants: they feed no weight or bias of a layer."""
import copy
import os
import sys
import warnings
from dataclasses import dataclass, field

import numpy as np
import onnx
import onnx.numpy_helper
import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

import onnx_graphs
import torch_networks as networks
from references import loss_of, reference, write_json

FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "Eigenscope.Learning.Tests", "Import", "Data", "Models")


@dataclass
class Model:
    """One exported network. build: its module; shape: of a sample; graph: writes the file where torch.onnx.export does not."""
    name: str
    build: object
    shape: tuple
    classes: int
    opset: int
    batch: object = None  # None: symbolic; a number: the batch the file is fixed to
    loss: str = "cross-entropy"
    samples: int = 16
    steps: int = 40
    live: bool = False  # BatchNorm kept as nodes
    graph: object = None
    options: dict = field(default_factory=dict)


MODELS = [
    Model("mlp-relu", lambda: networks.perceptron([10, 24, 16, 4], nn.ReLU), (10,), 4, 9, samples=24, steps=20),
    Model("mlp-tanh", lambda: networks.perceptron([8, 16, 12, 10, 3], nn.Tanh), (8,), 3, 13, batch=1, loss="mse", samples=20),
    Model("mlp-log-softmax", lambda: nn.Sequential(networks.perceptron([6, 12, 8, 4], nn.Sigmoid), nn.LogSoftmax(1)), (6,), 4, 12),
    Model("conv-batchnorm-live", networks.ConvNet, (2, 8, 8), 4, 11, live=True, steps=10),
    Model("conv-batchnorm-folded", networks.ConvNet, (2, 8, 8), 4, 13, batch=1, steps=10),
    Model("residual-live", networks.ResidualNet, (2, 8, 8), 4, 14, live=True, samples=12, steps=10),
    Model("residual-folded", networks.ResidualNet, (2, 8, 8), 4, 9, samples=12, steps=10),
    Model("vision-transformer", networks.VisionTransformer, (1, 8, 8), 3, 17, samples=12),
    Model("vision-transformer-decomposed", networks.VisionTransformer, (1, 8, 8), 3, 13, batch=1, samples=12),
    Model("vision-encoder", lambda: networks.VisionTransformer(encoder=True), (1, 8, 8), 3, 14, samples=12),
    Model("sequence", networks.SequenceNet, (2, 24), 3, 10, steps=15),
    Model("mobile", networks.MobileNet, (3, 8, 8), 4, 14, samples=12, steps=10),
    Model("mobile-live", networks.MobileNet, (3, 8, 8), 4, 11, live=True, batch=2, samples=12, steps=10),
    Model("bert-where", networks.Bert, (5, 5), 3, 12, samples=12),
    Model("bert-added-mask", lambda: networks.Bert(fill=False), (5, 5), 3, 17, batch=1, loss="mse", samples=12),
    Model("keras-dense", lambda: networks.perceptron([7, 14, 9, 3], nn.ELU), (7,), 3, 13, graph=onnx_graphs.keras_dense),
    Model("keras-convolution", onnx_graphs.KerasNet, (8, 8, 2), 4, 15, graph=onnx_graphs.keras_convolution, steps=15),
    Model("sklearn-mlp", lambda: networks.perceptron([6, 12, 8, 3], nn.ReLU), (6,), 3, 15, graph=onnx_graphs.sklearn_mlp),
    Model("sklearn-mlp-zipmap", lambda: networks.perceptron([6, 12, 3], nn.Tanh), (6,), 3, 17, graph=onnx_graphs.sklearn_mlp_zipmap),
]


def samples_of(model, generator):
    """Inputs in steps of 1/64, exact in float32 and short in the file; targets from a random linear rule, with noise."""
    x = (torch.randn(model.samples, *model.shape, generator=generator, dtype=torch.float64) * 64).round() / 64
    scores = x.reshape(model.samples, -1) @ torch.randn(x[0].numel(), model.classes, generator=generator, dtype=torch.float64)
    scores = scores / x[0].numel() ** 0.5 + 0.5 * torch.randn(scores.shape, generator=generator, dtype=torch.float64)
    targets = scores.argmax(1) if model.loss == "cross-entropy" else (scores * 64).round() / 64
    return x, targets


def trained(model, x, targets):
    """A little Adam in training mode, then float32's values, in float64 and evaluation mode. Every parameter is moved first, so that no two are equal."""
    network = model.build().double()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(0.05 * torch.randn_like(parameter))
    optimizer = torch.optim.Adam(network.parameters(), lr=0.01)
    for _ in range(model.steps):
        optimizer.zero_grad()
        loss_of(model.loss, network(x), targets).backward()
        optimizer.step()
    for parameter in network.parameters():
        parameter.grad = None
    return network.float().double().eval()


def export(model, network, path):
    single = copy.deepcopy(network).float()
    if model.graph is not None:
        return onnx.save(model.graph(single, model.opset), path)
    x = torch.zeros(model.batch or 2, *model.shape)
    training = torch.onnx.TrainingMode.PRESERVE if model.live else torch.onnx.TrainingMode.EVAL
    axes = None if model.batch else {"input": {0: "batch"}, "logits": {0: "batch"}}
    torch.onnx.export(single, x, path, opset_version=model.opset, input_names=["input"], output_names=["logits"], dynamic_axes=axes,
                      training=training, do_constant_folding=not model.live, **model.options)


def fold(module):
    """Conv + BatchNorm as one convolution, as the exporter does in evaluation mode."""
    children = list(module._modules.items())
    for (name, child), (after, next_child) in zip(children, children[1:]):
        if isinstance(child, (nn.Conv1d, nn.Conv2d)) and isinstance(next_child, nn.BatchNorm2d):
            module._modules[name] = fuse_conv_bn_eval(child, next_child)
            module._modules[after] = nn.Identity()
    for child in module._modules.values():
        fold(child)
    return module


def match(network, file):
    """The file's name of every trainable parameter: the initializer with its values, as they are or transposed. A folded weight is rounded
    differently by the exporter, so it is matched closely and takes the file's values."""
    free = {tensor.name: onnx.numpy_helper.to_array(tensor).astype(np.float64) for tensor in file.graph.initializer}
    found = {}
    weights = {id(module.weight) for module in network.modules() if isinstance(module, (nn.Linear, nn.Conv1d, nn.Conv2d))}
    weights |= {id(module.in_proj_weight) for module in network.modules() if isinstance(module, nn.MultiheadAttention)}
    for name, parameter in network.named_parameters():
        if name in getattr(network, "frozen", ()):
            continue
        wanted = parameter.detach().numpy()
        candidates = [(key, value, transposed) for key, value in free.items() for transposed in (False, True)
                      if closest(value, wanted, transposed) < 1e-5]
        assert len({key for key, _, _ in candidates}) == 1, (name, [key for key, _, _ in candidates])
        key, value, transposed = candidates[0]
        parameter.data = torch.from_numpy(np.ascontiguousarray(value.T if transposed else value).reshape(wanted.shape))
        found[key] = (parameter, id(parameter) in weights)
        del free[key]
    return found, sorted(free)


def closest(value, wanted, transposed):
    value = value.T if transposed else value
    if value.size != wanted.size or (value.shape != wanted.shape and wanted.ndim != 1):
        return np.inf
    return np.abs(value.reshape(wanted.shape) - wanted).max()


def write(model):
    torch.manual_seed(MODELS.index(model) + 1)
    x, targets = samples_of(model, torch.Generator().manual_seed(1000 + MODELS.index(model)))
    network = trained(model, x, targets)
    path = os.path.join(FOLDER, model.name + ".onnx")
    before = network(x).detach()
    export(model, network, path)
    file = onnx.load(path)
    onnx.checker.check_model(file)
    reading = network if model.live or model.graph is onnx_graphs.sklearn_mlp else fold(network)
    names, constants = match(reading, file)
    assert (reading(x) - before).abs().max() < 1e-5
    document = {
        "made": f"tests/oracles/onnx_models.py, PyTorch {torch.__version__}, onnx {onnx.__version__}", "opset": model.opset, "loss": model.loss,
        "inputShape": list(model.shape), "outputs": model.classes, "samples": model.samples, "x": x.reshape(-1).tolist(),
        "labels" if model.loss == "cross-entropy" else "targets": targets.reshape(-1).tolist(), "constants": constants,
        **reference(reading, names, x, targets, model.loss)}
    write_json(path.replace(".onnx", ".json"), document)
    print(f"{model.name}: {document['parameters']} parameters, loss {document['dataLoss']:.3g}, gaps {document['smallestGap']}, constants {constants}, "
          f"{os.path.getsize(path)} + {os.path.getsize(path.replace('.onnx', '.json'))} bytes, nodes {sorted({node.op_type for node in file.graph.node})}", flush=True)


def main():
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    warnings.filterwarnings("ignore")
    os.makedirs(FOLDER, exist_ok=True)
    for model in MODELS:
        if len(sys.argv) == 1 or model.name in sys.argv[1:]:
            write(model)


if __name__ == "__main__":
    main()
