using System.Numerics;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Derivatives;

/// <summary>Hessian or Gauss–Newton matrix of a linearisation in one scope, by products up and down through the network.</summary>
internal sealed class CurvatureOperator<T>(TypedLinearization<T> linearization, ParameterScope scope, CurvatureKind kind)
    : LinearOperator(scope.Length, scope.Length, kind == CurvatureKind.GaussNewton ? OperatorStructure.PositiveSemidefinite : OperatorStructure.Symmetric)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        // Vectors of a block one after another cost no more than stacked products at these sizes, and need no memory of their own.
        for (int i = 0; i < x.Rows; i++)
            linearization.MultiplyCurvature(scope, kind, x.Row(i), y.Row(i));
    }

    protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => ApplyCore(x, y);
}

/// <summary>Jacobian of all logits in one scope.</summary>
internal sealed class JacobianOperator<T>(TypedLinearization<T> linearization, ParameterScope scope)
    : LinearOperator(checked(linearization.Objective.SampleCount * linearization.Objective.Network.OutputSize), scope.Length, OperatorStructure.None)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        for (int i = 0; i < x.Rows; i++)
            linearization.MultiplyJacobian(scope, x.Row(i), y.Row(i));
    }

    protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        for (int i = 0; i < x.Rows; i++)
            linearization.MultiplyJacobianAdjoint(scope, x.Row(i), y.Row(i));
    }
}
