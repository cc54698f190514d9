using System.Numerics.Tensors;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.ArpackComparison;

/// <summary>Q diag(λ) Qᵀ, with Q the product of the reflections I − 2 v vᵀ for the rows v of a matrix.</summary>
internal sealed class ReflectedSpectrum(double[] eigenvalues, double[] normals) : LinearOperator(eigenvalues.Length, eigenvalues.Length, OperatorStructure.Symmetric)
{
    public int Applications { get; private set; }

    protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        Applications += x.Rows;
        int reflections = normals.Length / Rows;
        for (int i = 0; i < x.Rows; i++)
        {
            Span<double> row = y.Row(i);
            x.Row(i).CopyTo(row);
            for (int r = reflections - 1; r >= 0; r--)
                Reflect(r, row);
            TensorPrimitives.Multiply(row, eigenvalues, row);
            for (int r = 0; r < reflections; r++)
                Reflect(r, row);
        }
    }

    protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => ApplyCore(x, y);

    private void Reflect(int index, Span<double> vector)
    {
        ReadOnlySpan<double> normal = normals.AsSpan(index * Rows, Rows);
        TensorPrimitives.MultiplyAdd(normal, -2.0 * TensorPrimitives.Dot(normal, vector), vector, vector);
    }
}
