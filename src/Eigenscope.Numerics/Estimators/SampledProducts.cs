using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;
using Primitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Numerics.Estimators;

/// <summary>Products A x with vectors of random signs, or with all unit vectors where that takes no more, handed on one by one.</summary>
internal static class SampledProducts
{
    public const int FewestSamples = 2;
    private const int BlockSize = 8;

    public delegate void Accept(ReadOnlySpan<double> x, ReadOnlySpan<double> product);

    /// <summary>Whether the products are those of the unit vectors, so that a sum over them is exact.</summary>
    public static bool IsExact(LinearOperator operand, int samples) => operand.Columns <= samples;

    /// <summary>Multiplies in blocks.</summary>
    /// <exception cref="LinearAlgebraException">A product held a NaN or an infinity.</exception>
    public static void ForEach(LinearOperator operand, int samples, RandomStream random, Accept accept)
    {
        bool exact = IsExact(operand, samples);
        int total = exact ? operand.Columns : samples;
        int block = Math.Min(BlockSize, total);
        Tensor<double> x = new(block, operand.Columns);
        Tensor<double> y = new(block, operand.Rows);
        for (int start = 0; start < total; start += block)
        {
            int count = Math.Min(block, total - start);
            for (int i = 0; i < count; i++)
                Fill(x.Row(i), exact ? start + i : -1, random);
            operand.Apply(x.AsMatrix().RowRange(0, count), y.AsMatrix().RowRange(0, count));
            for (int i = 0; i < count; i++)
            {
                if (!Primitives.IsFiniteAll<double>(y.Row(i)))
                    throw new LinearAlgebraException("a product with the operator held a NaN or an infinity; check its data and parameters");
                accept(x.Row(i), y.Row(i));
            }
        }
    }

    private static void Fill(Span<double> row, int unit, RandomStream random)
    {
        if (unit < 0)
        {
            random.FillSigns(row);
            return;
        }
        row.Clear();
        row[unit] = 1.0;
    }
}
