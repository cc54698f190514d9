"""Files as other exporters write them, node by node: tf2onnx from Keras, skl2onnx from scikit-learn."""
import numpy as np
from onnx import TensorProto, TypeProto, helper, numpy_helper
from torch import nn

FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64


def constant(name, value):
    return numpy_helper.from_array(np.ascontiguousarray(value), name)


def array(parameter):
    return parameter.detach().numpy()


def model_of(nodes, name, inputs, outputs, initializers, opset, producer, *more):
    graph = helper.make_graph(nodes, name, inputs, outputs, initializers)
    imports = [helper.make_operatorsetid("", opset)] + [helper.make_operatorsetid(domain, version) for domain, version in more]
    return helper.make_model(graph, producer_name=producer, opset_imports=imports, ir_version=8)


def keras_dense(network, opset):
    """Dense layers are MatMul and Add with kernels stored as (inputs, outputs); the last activation is a softmax."""
    nodes, initializers, value = [], [], "dense_input"
    layers = [layer for layer in network if isinstance(layer, nn.Linear)]
    for index, layer in enumerate(layers):
        scope = "sequential/dense" + (f"_{index}" if index else "")
        kernel, bias = f"{scope}/MatMul/ReadVariableOp:0", f"{scope}/BiasAdd/ReadVariableOp:0"
        initializers += [constant(kernel, array(layer.weight).T), constant(bias, array(layer.bias))]
        nodes.append(helper.make_node("MatMul", [value, kernel], [f"{scope}/MatMul:0"], f"{scope}/MatMul"))
        nodes.append(helper.make_node("Add", [f"{scope}/MatMul:0", bias], [f"{scope}/BiasAdd:0"], f"{scope}/BiasAdd"))
        last = index == len(layers) - 1
        value = "activation" if last else f"{scope}/Elu:0"
        nodes.append(helper.make_node("Softmax" if last else "Elu", [f"{scope}/BiasAdd:0"], [value], f"{scope}/{'Softmax' if last else 'Elu'}", **({} if last else {"alpha": 1.0})))
    return model_of(nodes, "tf2onnx", [helper.make_tensor_value_info("dense_input", FLOAT, ["unk__12", layers[0].in_features])],
                    [helper.make_tensor_value_info("activation", FLOAT, ["unk__13", layers[-1].out_features])], initializers, opset, "tf2onnx")


class KerasNet(nn.Module):
    """The channels-last network of keras_convolution, for inputs of height x width x channels."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(2, 6, 3, stride=2)
        self.conv2 = nn.Conv2d(6, 8, 3)
        self.dense = nn.Linear(2 * 2 * 8, 4)

    def forward(self, x):
        # "same" with stride 2 on 8 pixels pads one pixel at the end only; with stride 1 one on both sides.
        x = nn.functional.relu(self.conv1(nn.functional.pad(x.permute(0, 3, 1, 2), (0, 1, 0, 1))))
        x = nn.functional.relu(self.conv2(nn.functional.pad(x, (1, 1, 1, 1))))
        x = nn.functional.max_pool2d(x, 2).permute(0, 2, 3, 1)
        return self.dense(x.reshape(x.shape[0], -1))


def keras_convolution(network, opset):
    """Transposes around channels-first nodes, auto_pad, flattening in channels-last order by Reshape to [-1, n]."""
    tensors = [constant("conv1/kernel", array(network.conv1.weight)), constant("conv1/bias", array(network.conv1.bias)),
               constant("conv2/kernel", array(network.conv2.weight)), constant("conv2/bias", array(network.conv2.bias)),
               constant("flatten/Const:0", np.array([-1, 32], np.int64)), constant("dense/kernel", array(network.dense.weight).T), constant("dense/bias", array(network.dense.bias))]
    nodes = [
        helper.make_node("Transpose", ["input_1"], ["conv1__6:0"], "conv1__6", perm=[0, 3, 1, 2]),
        helper.make_node("Conv", ["conv1__6:0", "conv1/kernel", "conv1/bias"], ["conv1/BiasAdd:0"], "conv1", auto_pad="SAME_UPPER", strides=[2, 2], dilations=[1, 1], group=1, kernel_shape=[3, 3]),
        helper.make_node("Relu", ["conv1/BiasAdd:0"], ["conv1/Relu:0"], "conv1/Relu"),
        helper.make_node("Conv", ["conv1/Relu:0", "conv2/kernel", "conv2/bias"], ["conv2/BiasAdd:0"], "conv2", auto_pad="SAME_LOWER", strides=[1, 1], kernel_shape=[3, 3]),
        helper.make_node("Relu", ["conv2/BiasAdd:0"], ["conv2/Relu:0"], "conv2/Relu"),
        helper.make_node("MaxPool", ["conv2/Relu:0"], ["pool:0"], "pool", auto_pad="VALID", kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Transpose", ["pool:0"], ["pool__20:0"], "pool__20", perm=[0, 2, 3, 1]),
        helper.make_node("Reshape", ["pool__20:0", "flatten/Const:0"], ["flatten:0"], "flatten"),
        helper.make_node("MatMul", ["flatten:0", "dense/kernel"], ["dense/MatMul:0"], "dense/MatMul"),
        helper.make_node("Add", ["dense/MatMul:0", "dense/bias"], ["dense/BiasAdd:0"], "dense/BiasAdd"),
        helper.make_node("Softmax", ["dense/BiasAdd:0"], ["dense"], "dense/Softmax", axis=-1)]
    return model_of(nodes, "tf2onnx", [helper.make_tensor_value_info("input_1", FLOAT, ["unk__30", 8, 8, 2])],
                    [helper.make_tensor_value_info("dense", FLOAT, ["unk__31", 4])], tensors, opset, "tf2onnx")


def sklearn_layers(network):
    """What skl2onnx writes for a MLPClassifier up to its probabilities: a cast of the input, MatMul and Add, the activation, Softmax."""
    names = {nn.ReLU: "Relu", nn.Tanh: "Tanh"}
    nodes = [helper.make_node("Cast", ["X"], ["cast_input"], "Cast", to=FLOAT)]
    tensors, value, layer = [], "cast_input", 0
    for module in network:
        if not isinstance(module, nn.Linear):
            nodes.append(helper.make_node(names[type(module)], [value], [f"next_activations{layer}"], names[type(module)] + str(layer)))
            value = f"next_activations{layer}"
            continue
        coefficient, intercepts = (f"{part}{layer or ''}" for part in ("coefficient", "intercepts"))
        tensors += [constant(coefficient, array(module.weight).T), constant(intercepts, array(module.bias).reshape(1, -1))]
        nodes += [helper.make_node("MatMul", [value, coefficient], [f"mul_result{layer}"], f"MatMul{layer}"),
                  helper.make_node("Add", [f"mul_result{layer}", intercepts], [f"add_result{layer}"], f"Add{layer}")]
        value, layer = f"add_result{layer}", layer + 1
    return nodes, tensors, value


def sklearn_labels(classes):
    """The label output: ArgMax picks among the stored class names, then casts and reshapes."""
    nodes = [helper.make_node("ArgMax", ["out_activations_result"], ["argmax_output"], "ArgMax", axis=1),
             helper.make_node("ArrayFeatureExtractor", ["classes", "argmax_output"], ["array_feature_extractor_result"], "ArrayFeatureExtractor", domain="ai.onnx.ml"),
             helper.make_node("Cast", ["array_feature_extractor_result"], ["cast2_result"], "Cast1", to=INT64),
             helper.make_node("Reshape", ["cast2_result", "shape_tensor"], ["reshaped_result"], "Reshape"),
             helper.make_node("Cast", ["reshaped_result"], ["label"], "Cast2", to=INT64)]
    return nodes, [constant("classes", np.arange(classes, dtype=np.int32)), constant("shape_tensor", np.array([-1], np.int64))]


def sklearn_mlp(network, opset):
    """Labels first, then probabilities, as with the option zipmap=False."""
    nodes, tensors, value = sklearn_layers(network)
    label_nodes, label_tensors = sklearn_labels(network[-1].out_features)
    nodes += [helper.make_node("Softmax", [value], ["out_activations_result"], "Softmax", axis=1),
              helper.make_node("Identity", ["out_activations_result"], ["probabilities"], "Identity")] + label_nodes
    outputs = [helper.make_tensor_value_info("label", INT64, [None]), helper.make_tensor_value_info("probabilities", FLOAT, [None, network[-1].out_features])]
    return model_of(nodes, "mlp_ONNX(MLPClassifier)", [helper.make_tensor_value_info("X", FLOAT, [None, network[0].in_features])], outputs,
                    tensors + label_tensors, opset, "skl2onnx", ("ai.onnx.ml", 1))


def sklearn_mlp_zipmap(network, opset):
    """The default of skl2onnx: the probabilities go through ZipMap into a sequence of dictionaries."""
    nodes, tensors, value = sklearn_layers(network)
    label_nodes, label_tensors = sklearn_labels(network[-1].out_features)
    nodes += [helper.make_node("Softmax", [value], ["out_activations_result"], "Softmax", axis=1)] + label_nodes
    nodes.append(helper.make_node("ZipMap", ["out_activations_result"], ["output_probability"], "ZipMap", domain="ai.onnx.ml", classlabels_int64s=list(range(network[-1].out_features))))
    dictionary = TypeProto()
    dictionary.map_type.key_type = INT64
    dictionary.map_type.value_type.CopyFrom(helper.make_tensor_type_proto(FLOAT, []))
    outputs = [helper.make_tensor_value_info("output_label", INT64, [None]), helper.make_value_info("output_probability", helper.make_sequence_type_proto(dictionary))]
    nodes[-2].output[0] = "output_label"
    return model_of(nodes, "mlp_ONNX(MLPClassifier)", [helper.make_tensor_value_info("X", FLOAT, [None, network[0].in_features])], outputs,
                    tensors + label_tensors, opset, "skl2onnx", ("ai.onnx.ml", 1))
