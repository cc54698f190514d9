using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Tests.Solvers;

/// <summary>An operator whose product is given by a function; symmetric by promise only.</summary>
internal sealed class FunctionOperator(int dimension, Action<double[], double[]> product) : LinearOperator(dimension, dimension, OperatorStructure.Symmetric)
{
    public int Applications { get; private set; }

    protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        for (int i = 0; i < x.Rows; i++)
        {
            Applications++;
            double[] result = new double[Rows];
            product(x.Row(i).ToArray(), result);
            result.CopyTo(y.Row(i));
        }
    }

    protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => throw new InvalidOperationException("a symmetric operator's adjoint is itself");
}
