"""Writes the ONNX files beside this script, with Debian's python3-onnx 1.12: python3 make-onnx.py"""

import os

import numpy as np
import onnx
from onnx import TensorProto as T, helper, numpy_helper

FOLDER = os.path.dirname(os.path.abspath(__file__))
FLOATS = [0.0, 1.5, -2.0, 65504.0]
SIGNED = [0, 1, -2, 127]
UNSIGNED = [0, 1, 2, 200]
TRUTHS = [0, 1, 1, 0]


def bits(code, values):
    """The entries as a row of the format's narrow field, and as raw bytes."""
    if code == T.FLOAT16:
        half = np.array(values, np.float16)
        return half.view(np.uint16).astype(int).tolist(), half.tobytes()
    if code == T.BFLOAT16:
        upper = (np.array(values, np.float32).view(np.uint32) >> 16).astype(np.uint16)
        return upper.astype(int).tolist(), upper.tobytes()
    return values, np.array(values, onnx.mapping.TENSOR_TYPE_TO_NP_TYPE[code]).tobytes()


CASES = [
    ("float32", T.FLOAT, FLOATS, "float_data"), ("float64", T.DOUBLE, FLOATS, "double_data"),
    # 65280 is the largest number below 65504 that has 8 significant bits.
    ("float16", T.FLOAT16, FLOATS, "int32_data"), ("bfloat16", T.BFLOAT16, FLOATS[:3] + [65280.0], "int32_data"),
    ("int8", T.INT8, SIGNED, "int32_data"), ("int16", T.INT16, SIGNED, "int32_data"), ("int32", T.INT32, SIGNED, "int32_data"), ("int64", T.INT64, SIGNED, "int64_data"),
    ("uint8", T.UINT8, UNSIGNED, "int32_data"), ("uint16", T.UINT16, UNSIGNED, "int32_data"), ("uint32", T.UINT32, UNSIGNED, "uint64_data"), ("uint64", T.UINT64, UNSIGNED, "uint64_data"),
    ("boolean", T.BOOL, TRUTHS, "int32_data"),
]


def elements(raw):
    """One 2×2 initializer of every type, each behind an Identity."""
    tensors = []
    for name, code, values, field in CASES:
        tensor = T(name=name, data_type=code, dims=[2, 2])
        typed, stored = bits(code, values)
        if raw:
            tensor.raw_data = stored
        else:
            getattr(tensor, field).extend(typed)
        tensors.append(tensor)
    nodes = [helper.make_node("Identity", [name], [name + ".out"], name=name) for name, *_ in CASES]
    outputs = [helper.make_tensor_value_info(name + ".out", code, [2, 2]) for name, code, *_ in CASES]
    return model(helper.make_graph(nodes, "elements", [], outputs, tensors))


def model(graph, opset=13):
    made = helper.make_model(graph, producer_name="make-onnx.py", opset_imports=[helper.make_opsetid("", opset), helper.make_opsetid("ai.onnx.ml", 2)])
    made.ir_version = 7
    onnx.checker.check_model(made, full_check=False)
    return made


def attributes():
    node = helper.make_node(
        "Anything", ["x", "", "w"], ["y"], name="all kinds", domain="ai.onnx.ml", number=0.5, integer=-3, text="SAME_UPPER", numbers=[1.5, 2.0], integers=[1, -2, 3], texts=["a", "b"],
        tensor=numpy_helper.from_array(np.array([3, 4], np.int64)))
    node.attribute.append(helper.make_attribute("body", helper.make_graph([helper.make_node("Relu", ["x"], ["z"])], "inner", [], [])))
    inputs = [helper.make_tensor_value_info("x", T.FLOAT, ["batch", 3, None])]
    graph = helper.make_graph([node], "kinds", inputs, [helper.make_tensor_value_info("y", T.FLOAT, None)], [numpy_helper.from_array(np.float32([[1, 2, 3]]), "w")])
    return helper.make_model(graph, producer_name="make-onnx.py", opset_imports=[helper.make_opsetid("", 13), helper.make_opsetid("ai.onnx.ml", 2)])


def perceptron(ir_version=7):
    """y = relu(x Wᵀ + b) V, its weights integers. Below version 4 the weights are inputs too."""
    weights = {"W": np.arange(12, dtype=np.float32).reshape(4, 3), "b": np.float32([1, -1, 2, -2]), "V": np.arange(8, dtype=np.float32).reshape(4, 2)}
    nodes = [
        helper.make_node("Gemm", ["x", "W", "b"], ["h"], name="first", transB=1),
        helper.make_node("Relu", ["h"], ["a"], name="relu"),
        helper.make_node("MatMul", ["a", "V"], ["y"], name="second"),
    ]
    inputs = [helper.make_tensor_value_info("x", T.FLOAT, ["N", 3])]
    if ir_version < 4:
        inputs += [helper.make_tensor_value_info(name, T.FLOAT, array.shape) for name, array in weights.items()]
    graph = helper.make_graph(nodes, "perceptron", inputs, [helper.make_tensor_value_info("y", T.FLOAT, ["N", 2])], [numpy_helper.from_array(array, name) for name, array in weights.items()])
    made = model(graph, 9)
    made.ir_version = ir_version
    return made


def save(name, made, **options):
    onnx.save_model(made, os.path.join(FOLDER, name), **options)


if __name__ == "__main__":
    save("elements-raw.onnx", elements(True))
    save("elements-typed.onnx", elements(False))
    save("attributes.onnx", attributes())
    save("perceptron.onnx", perceptron())
    save("perceptron-old.onnx", perceptron(3))
    if os.path.exists(os.path.join(FOLDER, "perceptron.weights")):
        os.remove(os.path.join(FOLDER, "perceptron.weights"))
    save("perceptron-external.onnx", perceptron(), save_as_external_data=True, all_tensors_to_one_file=True, location="perceptron.weights", size_threshold=0)
