namespace Eigenscope.Learning.Import;

/// <summary>An array of weights as a file holds it.</summary>
/// <param name="Name">Its name in the file: "layer1.0.conv1.weight".</param>
/// <param name="Shape">Its extents, row-major; empty for a single number.</param>
/// <param name="Values">Its entries.</param>
public sealed record WeightArray(string Name, IReadOnlyList<int> Shape, double[] Values);
