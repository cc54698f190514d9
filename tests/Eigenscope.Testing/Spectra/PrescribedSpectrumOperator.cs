using System.Numerics.Tensors;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Testing.Spectra;

/// <summary>
/// Q diag(λ) Qᵀ with Q a product of random Householder reflections, so that a product costs O(n) per reflection whatever n is: an operator whose spectrum is known
/// to rounding and whose eigenvectors are dense.
/// </summary>
public sealed class PrescribedSpectrumOperator : LinearOperator
{
    private readonly double[] _eigenvalues;
    private readonly double[][] _normals;
    private int _applications;

    /// <summary>Creates the operator.</summary>
    /// <param name="eigenvalues">λ, in any order; repeat one for a multiple eigenvalue.</param>
    /// <param name="seed">Seed of the reflections.</param>
    /// <param name="reflections">Number of reflections, ≥ 0.</param>
    public PrescribedSpectrumOperator(ReadOnlySpan<double> eigenvalues, ulong seed = 1, int reflections = 4)
        : base(eigenvalues.Length, eigenvalues.Length, OperatorStructure.Symmetric)
    {
        _eigenvalues = eigenvalues.ToArray();
        RandomStream random = new RandomStream(seed).Split("reflections");
        _normals = new double[reflections][];
        for (int r = 0; r < reflections; r++)
        {
            _normals[r] = new double[eigenvalues.Length];
            random.FillNormal(_normals[r]);
            TensorPrimitives.Divide(_normals[r], TensorPrimitives.Norm<double>(_normals[r]), _normals[r]);
        }
    }

    /// <summary>Products with single vectors so far.</summary>
    public int Applications => _applications;

    /// <summary>λ as given.</summary>
    public ReadOnlySpan<double> Eigenvalues => _eigenvalues;

    /// <inheritdoc/>
    protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        Interlocked.Add(ref _applications, x.Rows);
        for (int i = 0; i < x.Rows; i++)
        {
            Span<double> row = y.Row(i);
            x.Row(i).CopyTo(row);
            for (int r = _normals.Length - 1; r >= 0; r--)
                Reflect(_normals[r], row);
            TensorPrimitives.Multiply(row, _eigenvalues, row);
            foreach (double[] normal in _normals)
                Reflect(normal, row);
        }
    }

    /// <inheritdoc/>
    protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => ApplyCore(x, y);

    private static void Reflect(double[] normal, Span<double> vector) =>
        TensorPrimitives.MultiplyAdd(normal, -2.0 * TensorPrimitives.Dot<double>(normal, vector), vector, vector);
}
