using System.Numerics;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Derivatives;

/// <summary>A matrix of second order of a linearisation in one scope, by products up and down through the network.</summary>
internal sealed class CurvatureOperator<T>(LinearizationWalk<T> walk, ParameterScope scope, LossMetric metric)
    : LinearOperator(scope.Length, scope.Length, metric.Kind == CurvatureKind.Hessian ? OperatorStructure.Symmetric : OperatorStructure.PositiveSemidefinite)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DerivativeProducts<T> _products = new(walk);

    // Matrix products of one layer: a primal walk has 2 (up, down), the Hessian's product 6, the others 4. A block shares the primal walk where every product must repeat it, and nothing else.
    public override double BlockCostPerVector => walk.KeepsActivations ? 1.0 : metric.Kind == CurvatureKind.Hessian ? 6.0 / 8.0 : 4.0 / 6.0;

    protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => _products.MultiplyCurvature(scope, metric, x, y);

    protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => ApplyCore(x, y);
}

/// <summary>The block of one layer's parameters, from cached factors.</summary>
internal sealed class LayerCurvatureOperator<T>(LinearizationWalk<T> walk, ParameterScope scope, LossMetric metric, LayerFactors<T> factors)
    : LinearOperator(scope.Length, scope.Length, OperatorStructure.PositiveSemidefinite)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DerivativeProducts<T> _products = new(walk);

    protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => _products.MultiplyFactors(scope, metric, factors, x, y);

    protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => ApplyCore(x, y);
}

/// <summary>Jacobian of all logits in one scope; from cached factors where there are any.</summary>
internal sealed class JacobianOperator<T>(LinearizationWalk<T> walk, ParameterScope scope, LayerFactors<T>? factors)
    : LinearOperator(checked(walk.Objective.SampleCount * walk.Network.OutputSize), scope.Length, OperatorStructure.None)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DerivativeProducts<T> _products = new(walk);

    protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => _products.MultiplyJacobian(scope, factors, x, y);

    protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => _products.MultiplyJacobianAdjoint(scope, factors, x, y);
}

/// <summary>J Jᵀ: the inner products of all logits' gradients.</summary>
internal sealed class NeuralTangentKernelOperator(LinearOperator jacobian) : LinearOperator(jacobian.Rows, jacobian.Rows, OperatorStructure.PositiveSemidefinite)
{
    private readonly LinearOperator _gram = jacobian.Compose(jacobian.Adjoint());

    public override double BlockCostPerVector => _gram.BlockCostPerVector;

    protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => _gram.Apply(x, y);

    protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => _gram.Apply(x, y);
}
