using System.Runtime.InteropServices;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Runs;

/// <summary>Finds samples that were trained on among those that test.</summary>
internal static class SeenSamples
{
    /// <summary>How many rows are, bit by bit, among others.</summary>
    /// <param name="rows">m × d.</param>
    /// <param name="others">n × d.</param>
    public static int Count(Tensor<double> rows, Tensor<double> others)
    {
        ILookup<int, int> places = Enumerable.Range(0, others.Rows).ToLookup(i => Hash(others.Row(i)));
        return Enumerable.Range(0, rows.Rows).Count(i => places[Hash(rows.Row(i))].Any(j => rows.Row(i).SequenceEqual(others.Row(j))));
    }

    private static int Hash(ReadOnlySpan<double> row)
    {
        HashCode hash = default;
        hash.AddBytes(MemoryMarshal.AsBytes(row));
        return hash.ToHashCode();
    }
}
