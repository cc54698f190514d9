namespace Eigenscope.Formats.Onnx;

/// <summary>What an attribute holds.</summary>
public enum OnnxAttributeKind
{
    /// <summary>A number, stored in single precision: <see cref="OnnxAttribute.Number"/>.</summary>
    Number,

    /// <summary>A whole number: <see cref="OnnxAttribute.Integer"/>.</summary>
    Integer,

    /// <summary>Text: <see cref="OnnxAttribute.Text"/>.</summary>
    Text,

    /// <summary>A tensor: <see cref="OnnxAttribute.Tensor"/>.</summary>
    Tensor,

    /// <summary>Numbers, stored in single precision: <see cref="OnnxAttribute.Numbers"/>.</summary>
    Numbers,

    /// <summary>Whole numbers: <see cref="OnnxAttribute.Integers"/>.</summary>
    Integers,

    /// <summary>Several texts: <see cref="OnnxAttribute.Texts"/>.</summary>
    Texts,

    /// <summary>One or several graphs (the body of a loop, the branches of a condition), whose content is not kept.</summary>
    Graph,

    /// <summary>Something else (sparse tensors, types, lists of tensors), whose content is not kept.</summary>
    Unsupported,
}
