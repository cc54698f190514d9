"""Writes the safetensors file beside this script from the format's public description alone, with numpy: python3 make-safetensors.py"""

import json
import os
import struct

import numpy as np

FOLDER = os.path.dirname(os.path.abspath(__file__))
FLOATS = [[0.0, 1.5, -2.0], [65280.0, 0.0625, -0.0]]


def half_words(values):
    """BF16: the upper halves of single-precision numbers."""
    return (np.array(values, np.float32).view(np.uint32) >> 16).astype("<u2")


TENSORS = [
    ("layers.0.weight", "F32", np.array(FLOATS, "<f4")), ("layers.0.bias", "F64", np.array([0.1, -1e300], "<f8")),
    ("half", "F16", np.array([FLOATS[0]], "<f2")), ("brain", "BF16", half_words(FLOATS)),
    ("i8", "I8", np.array([-128, 127], "i1")), ("i16", "I16", np.array([-32768, 32767], "<i2")), ("i32", "I32", np.array([-(2**31), 2**31 - 1], "<i4")),
    ("i64", "I64", np.array([-(2**63), 2**63 - 1], "<i8")), ("u8", "U8", np.array([0, 255], "u1")), ("u16", "U16", np.array([0, 65535], "<u2")),
    ("u32", "U32", np.array([0, 2**32 - 1], "<u4")), ("u64", "U64", np.array([0, 2**63 - 1], "<u8")), ("truth", "BOOL", np.array([[True], [False]])),
    ("scalar", "F32", np.array(7.0, "<f4")), ("nothing", "F32", np.zeros((0, 3), "<f4")),
]

header, data = {"__metadata__": {"format": "pt", "naïve": "\u2713"}}, b""
for name, dtype, array in TENSORS:
    header[name] = {"dtype": dtype, "shape": list(array.shape), "data_offsets": [len(data), len(data) + array.nbytes]}
    data += array.tobytes()
text = json.dumps(header).encode()
text += b" " * (-len(text) % 8)
with open(os.path.join(FOLDER, "types.safetensors"), "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text + data)
