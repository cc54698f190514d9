namespace Eigenscope.Experiments.Reports;

/// <summary>An array for programs: row-major values with a shape.</summary>
/// <param name="Name">Its name in the NPZ file.</param>
/// <param name="Values">Entries, row-major.</param>
/// <param name="Shape">Extents.</param>
public sealed record NamedArray(string Name, double[] Values, IReadOnlyList<int> Shape);
