using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;
using Primitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Numerics.Solvers;

/// <summary>The block a warm solve starts from: what the caller gave, and a little of everything else.</summary>
internal static class StartBlock
{
    // Large enough that a wanted direction the caller did not give is amplified from the first step on; small enough to cost a step at most.
    private const double RandomShare = 1e-3;

    /// <summary>
    /// Normalises the given rows and sums them with random signs into at most <see cref="LanczosPlan.WideBlock"/> vectors, row i into vector i mod their number, each with a random part of relative length 10⁻³.
    /// </summary>
    /// <returns>The vectors as rows, or null when nothing but zero was given.</returns>
    public static Tensor<double>? From(Tensor<double>? given, LanczosPlan plan, RandomStream random)
    {
        if (given is null)
            return null;
        int[] rows = [.. Enumerable.Range(0, given.Rows).Where(i => Primitives.Norm<double>(given.Row(i)) > 0.0)];
        if (rows.Length == 0)
            return null;
        int count = Math.Min(rows.Length, plan.WideBlock);
        Tensor<double> block = new(count, given.Columns);
        random.FillNormal(block.Span, RandomShare / Math.Sqrt(given.Columns));
        for (int i = 0; i < rows.Length; i++)
        {
            ReadOnlySpan<double> row = given.Row(rows[i]);
            double sign = (random.NextUInt64() >> 63) == 0 ? 1.0 : -1.0;
            Primitives.MultiplyAdd(row, sign / Primitives.Norm(row), block.Row(i % count), block.Row(i % count));
        }
        return block;
    }
}
