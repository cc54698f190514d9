using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Features;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Testing.Operators;

namespace Eigenscope.Learning.Tests.Derivatives;

/// <summary>Every derivative operator keeps the laws of a linear operator, against a dense matrix from the reference.</summary>
public sealed class OperatorConformanceTests
{
    private static readonly DerivativeProblem Tanh = new([4, 5, 4, 3], Activation.Tanh, "cross-entropy", samples: 60);
    private static readonly DerivativeProblem Relu = new([4, 5, 4, 3], Activation.Relu, "mse", samples: 60);
    private static readonly NetworkProblem Residual = new("residual", new ImageShape(5, 1, 1), InputJacobianTests.Residual, "cross-entropy", samples: 40);
    private static readonly NetworkProblem Attention = Branched("attention of two heads under a mask");
    private static readonly NetworkProblem Joined = Branched("three branches side by side, one result read thrice");
    private static readonly ObjectiveOptions Slices = new() { SliceRows = 16 };

    public static TheoryData<int> Cases()
    {
        TheoryData<int> data = [];
        data.AddRange([.. Enumerable.Range(0, All().Length)]);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Operators_keep_the_laws(int index) => OperatorConformance.Check(All()[index], BlasBackends.Load(BlasChoice.Auto).Backend);

    private static OperatorCase[] All() =>
    [
        Case(Tanh, "Hessian of a tanh network", static point => point.Hessian(), Tanh.ReferenceHessian()),
        Case(Tanh, "Gauss–Newton of a tanh network", static point => point.GaussNewton(), Tanh.ReferenceGaussNewton()),
        Case(Tanh, "Jacobian of a tanh network", static point => point.Jacobian(), Tanh.ReferenceJacobian()),
        Case(Tanh, "block Hessian, up and down", static point => point.Hessian("1.weight"), Block(Tanh, Tanh.ReferenceHessian(), "1.weight")),
        Case(Tanh, "block Gauss–Newton from factors", static point => point.GaussNewton("2.weight"), Block(Tanh, Tanh.ReferenceGaussNewton(), "2.weight")),
        Case(Tanh, "bias block", static point => point.Hessian("2.bias"), Block(Tanh, Tanh.ReferenceHessian(), "2.bias")),
        Case(Relu, "Hessian of a ReLU network", static point => point.Hessian(), Relu.ReferenceHessian()),
        Case(Relu, "block Hessian from factors", static point => point.Hessian("1.weight"), Block(Relu, Relu.ReferenceHessian(), "1.weight")),
        Case(Residual, "AGOP at an input that a shortcut reads too", static point => point.Agop(1), Residual.ReferenceAgop(1, centred: false)),
        Case(Residual, "centred AGOP at the network's input", static point => point.Agop(0, Centring.SampleMean), Residual.ReferenceAgop(0, centred: true)),
        Case(Attention, "Hessian of attention", static point => point.Hessian(), Attention.ReferenceHessian),
        Case(Attention, "AGOP at the input of attention", static point => point.Agop(0), Attention.ReferenceAgop(0, centred: false)),
        Case(Joined, "Hessian of branches side by side", static point => point.Hessian(), Joined.ReferenceHessian),
        Case(Joined, "Jacobian of branches side by side", static point => point.Jacobian(), Joined.ReferenceJacobian),
        Case(Joined, "AGOP at a result that three read", static point => point.Agop(1, Centring.SampleMean), Joined.ReferenceAgop(1, centred: true)),
    ];

    private static NetworkProblem Branched(string name)
    {
        (_, ImageShape input, string loss, Action<INetworkDescription> describe) = BranchedNetworks.All.Single(entry => entry.Name == name);
        return new NetworkProblem(name, input, describe, loss, samples: 40);
    }

    private static OperatorCase Case(DerivativeProblem problem, string name, Func<Linearization, Eigenscope.Numerics.Operators.LinearOperator> select, double[,] dense) => new(
        name,
        compute => select(Objective.Create(problem.Network, problem.Inputs, problem.Labels, problem.Loss, compute, Slices).Linearize(problem.Parameters)),
        dense);

    private static OperatorCase Case(NetworkProblem problem, string name, Func<Linearization, Eigenscope.Numerics.Operators.LinearOperator> select, double[,] dense) =>
        new(name, compute => select(problem.Objective(compute, Slices).Linearize(problem.State)), dense);

    private static double[,] Block(DerivativeProblem problem, double[,] dense, string parameter)
    {
        ParameterBlock block = problem.Network.Blocks.Single(candidate => candidate.Name == parameter);
        return DenseComparison.Block(dense, block.Offset, block.Length);
    }
}
