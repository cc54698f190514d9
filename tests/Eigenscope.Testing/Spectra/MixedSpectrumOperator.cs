using System.Numerics.Tensors;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Testing.Spectra;

/// <summary>
/// Q diag(λ) Qᵀ with Q = (H ⊗ I) diag(±1), H the 16 × 16 Hadamard matrix over 4, and λ in random order: products of a few microseconds, and 15/16 of the squared entries off the diagonal, so that estimators from
/// random signs have the variance that they have for dense eigenvectors. A product of reflections would leave the operator diagonal up to a low rank.
/// </summary>
public sealed class MixedSpectrumOperator : LinearOperator
{
    private const int Order = 16;
    private readonly double[] _eigenvalues;
    private readonly double[] _signs;
    private readonly double[] _scratch;

    /// <summary>Creates the operator.</summary>
    /// <param name="eigenvalues">λ, a multiple of 16 of them.</param>
    /// <param name="seed">Seed of the signs and the order.</param>
    public MixedSpectrumOperator(IEnumerable<double> eigenvalues, ulong seed = 1)
        : this([.. eigenvalues], new RandomStream(seed).Split("mixing"))
    {
    }

    private MixedSpectrumOperator(double[] eigenvalues, RandomStream random)
        : base(eigenvalues.Length, eigenvalues.Length, OperatorStructure.Symmetric)
    {
        if (eigenvalues.Length % Order != 0)
            throw new ArgumentException($"expected a multiple of {Order} eigenvalues, got {eigenvalues.Length}", nameof(eigenvalues));
        random.Shuffle<double>(eigenvalues);
        _eigenvalues = eigenvalues;
        _signs = new double[eigenvalues.Length];
        _scratch = new double[eigenvalues.Length / Order];
        random.FillSigns(_signs);
    }

    /// <summary>Products with single vectors so far.</summary>
    public int Applications { get; private set; }

    /// <inheritdoc/>
    protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        Applications += x.Rows;
        for (int i = 0; i < x.Rows; i++)
        {
            Span<double> row = y.Row(i);
            TensorPrimitives.Multiply(x.Row(i), _signs, row);
            Hadamard(row);
            TensorPrimitives.Multiply(row, _eigenvalues, row);
            Hadamard(row);
            TensorPrimitives.Multiply(row, _signs, row);
            TensorPrimitives.Divide(row, Order, row);
        }
    }

    /// <inheritdoc/>
    protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => ApplyCore(x, y);

    private void Hadamard(Span<double> row)
    {
        int width = _scratch.Length;
        for (int stride = 1; stride < Order; stride *= 2)
        {
            for (int chunk = 0; chunk < Order; chunk++)
            {
                if ((chunk & stride) != 0)
                    continue;
                Span<double> first = row.Slice(chunk * width, width);
                Span<double> second = row.Slice((chunk + stride) * width, width);
                TensorPrimitives.Subtract<double>(first, second, _scratch);
                TensorPrimitives.Add<double>(first, second, first);
                _scratch.CopyTo(second);
            }
        }
    }
}
