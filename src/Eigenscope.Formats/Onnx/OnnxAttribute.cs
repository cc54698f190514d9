namespace Eigenscope.Formats.Onnx;

/// <summary>An attribute of a node. The one property that its kind names is set; the others are zero, empty or null.</summary>
public sealed record OnnxAttribute
{
    /// <summary>What the attribute holds.</summary>
    public required OnnxAttributeKind Kind { get; init; }

    /// <summary>The number; files hold it in single precision.</summary>
    public double Number { get; init; }

    /// <summary>The whole number.</summary>
    public long Integer { get; init; }

    /// <summary>The text.</summary>
    public string Text { get; init; } = "";

    /// <summary>The tensor.</summary>
    public OnnxTensor? Tensor { get; init; }

    /// <summary>The numbers; files hold them in single precision.</summary>
    public IReadOnlyList<double> Numbers { get; init; } = [];

    /// <summary>The whole numbers.</summary>
    public IReadOnlyList<long> Integers { get; init; } = [];

    /// <summary>The texts.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>A whole number.</summary>
    /// <param name="integer">The number.</param>
    /// <returns>The attribute.</returns>
    public static OnnxAttribute Of(long integer) => new() { Kind = OnnxAttributeKind.Integer, Integer = integer };

    /// <summary>A number, which a file rounds to single precision.</summary>
    /// <param name="number">The number.</param>
    /// <returns>The attribute.</returns>
    public static OnnxAttribute Of(double number) => new() { Kind = OnnxAttributeKind.Number, Number = number };

    /// <summary>Text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The attribute.</returns>
    public static OnnxAttribute Of(string text) => new() { Kind = OnnxAttributeKind.Text, Text = text };

    /// <summary>A tensor.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <returns>The attribute.</returns>
    public static OnnxAttribute Of(OnnxTensor tensor) => new() { Kind = OnnxAttributeKind.Tensor, Tensor = tensor };

    /// <summary>Whole numbers.</summary>
    /// <param name="integers">The numbers.</param>
    /// <returns>The attribute.</returns>
    public static OnnxAttribute Of(IReadOnlyList<long> integers) => new() { Kind = OnnxAttributeKind.Integers, Integers = integers };

    /// <summary>Numbers, which a file rounds to single precision.</summary>
    /// <param name="numbers">The numbers.</param>
    /// <returns>The attribute.</returns>
    public static OnnxAttribute Of(IReadOnlyList<double> numbers) => new() { Kind = OnnxAttributeKind.Numbers, Numbers = numbers };

    /// <summary>Texts.</summary>
    /// <param name="texts">The texts.</param>
    /// <returns>The attribute.</returns>
    public static OnnxAttribute Of(IReadOnlyList<string> texts) => new() { Kind = OnnxAttributeKind.Texts, Texts = texts };
}
