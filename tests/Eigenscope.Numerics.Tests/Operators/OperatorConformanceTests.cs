using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;
using Eigenscope.Testing.Operators;

namespace Eigenscope.Numerics.Tests.Operators;

public sealed class OperatorConformanceTests
{
    private const int LargeDimension = 480;

    private static readonly double[,] Tall = { { 1, 2 }, { 3, 4 }, { 5, 6 } };
    private static readonly double[,] Square = { { 0, 1 }, { 2, -1 } };
    private static readonly double[,] Laplacian = { { 2, -1, 0 }, { -1, 2, -1 }, { 0, -1, 2 } };
    private static readonly double[,] General = { { 1, 2, 3 }, { 4, 5, 6 }, { 7, 8, 10 } };
    private static readonly double[,] Factor = { { 1, 2, 0 }, { 0, 1, -1 } };

    // The matrices on the right are written by hand.
    private static readonly OperatorCase[] List =
    [
        new("dense, tall", c => Dense(Tall, c), Tall),
        new("dense, wide", c => Dense(Factor, c), Factor),
        new("dense, symmetric", c => Dense(Laplacian, c, OperatorStructure.PositiveSemidefinite), Laplacian),
        new("dense, beyond the parallel threshold", c => Dense(Large(), c), Large()),
        new("diagonal", _ => new DiagonalOperator([1, -2, 3]), new double[,] { { 1, 0, 0 }, { 0, -2, 0 }, { 0, 0, 3 } }),
        new("diagonal, positive", _ => new DiagonalOperator([0, 2]), new double[,] { { 0, 0 }, { 0, 2 } }),
        new("identity", _ => new IdentityOperator(3), new double[,] { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } }),
        new("one dimension", _ => new DiagonalOperator([-4]), new double[,] { { -4 } }),
        new("dimension zero", _ => new IdentityOperator(0), new double[0, 0]),
        new("sum", c => Dense(Laplacian, c, OperatorStructure.Symmetric).Add(new DiagonalOperator([1, -2, 3])), new double[,] { { 3, -1, 0 }, { -1, 0, -1 }, { 0, -1, 5 } }),
        new("sum, not symmetric", c => Dense(Tall, c).Add(Dense(Tall, c)), new double[,] { { 2, 4 }, { 6, 8 }, { 10, 12 } }),
        new("scaled", c => Dense(Laplacian, c, OperatorStructure.PositiveSemidefinite).Scale(-0.5), new double[,] { { -1, 0.5, 0 }, { 0.5, -1, 0.5 }, { 0, 0.5, -1 } }),
        new("composed", c => Dense(Tall, c).Compose(Dense(Square, c)), new double[,] { { 4, -1 }, { 8, -1 }, { 12, -1 } }),
        new("composed, diagonal", _ => new DiagonalOperator([2, -3]).Compose(new DiagonalOperator([5, 7])), new double[,] { { 10, 0 }, { 0, -21 } }),
        new("adjoint", c => Dense(Tall, c).Adjoint(), new double[,] { { 1, 3, 5 }, { 2, 4, 6 } }),
        new("restricted", c => Dense(Laplacian, c, OperatorStructure.PositiveSemidefinite).Restrict(1, 2), new double[,] { { 2, -1 }, { -1, 2 } }),
        new("restricted, not symmetric", c => Dense(General, c).Restrict(0, 2), new double[,] { { 1, 2 }, { 4, 5 } }),
        new("restricted to nothing", c => Dense(General, c).Restrict(3, 0), new double[0, 0]),
        new("Kronecker", c => Dense(Square, c).Kronecker(Dense(new double[,] { { 1, 3 } }, c)), new double[,] { { 0, 0, 1, 3 }, { 2, 6, -1, -3 } }),
        new("Kronecker, tall", c => Dense(Tall, c).Kronecker(Dense(new double[,] { { 1 }, { -1 } }, c)), new double[,] { { 1, 2 }, { -1, -2 }, { 3, 4 }, { -3, -4 }, { 5, 6 }, { -5, -6 } }),
        new("Kronecker, semidefinite", c => new DiagonalOperator([1, 2]).Kronecker(Dense(new double[,] { { 1, 1 }, { 1, 1 } }, c, OperatorStructure.PositiveSemidefinite)), new double[,] { { 1, 1, 0, 0 }, { 1, 1, 0, 0 }, { 0, 0, 2, 2 }, { 0, 0, 2, 2 } }),
        new("low rank", c => new LowRankOperator(ToTensor(Factor), c), new double[,] { { 1, 2, 0 }, { 2, 5, -1 }, { 0, -1, 1 } }),
    ];

    public static TheoryData<string> Names => [.. List.Select(subject => subject.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Operators_keep_their_laws(string name) =>
        OperatorConformance.Check(List.Single(subject => subject.Name == name), TestCompute.Auto.Blas);

    [Theory]
    [MemberData(nameof(Names))]
    public void Operators_keep_their_laws_on_the_managed_kernels(string name) =>
        OperatorConformance.Check(List.Single(subject => subject.Name == name), TestCompute.Managed.Blas);

    [Fact]
    public void The_suite_finds_a_wrong_entry() =>
        Assert.Throws<ConformanceException>(() => OperatorConformance.Check(new("wrong", c => Dense(Tall, c), Transposed(Factor)), TestCompute.Auto.Blas));

    [Fact]
    public void The_suite_finds_a_false_promise_of_symmetry() =>
        Assert.Throws<ConformanceException>(() => OperatorConformance.Check(new("false", c => Dense(General, c, OperatorStructure.Symmetric), General), TestCompute.Auto.Blas));

    [Fact]
    public void The_suite_finds_a_false_promise_of_definiteness()
    {
        double[,] indefinite = { { 1, 2 }, { 2, 1 } };
        Assert.Throws<ConformanceException>(() => OperatorConformance.Check(new("false", c => Dense(indefinite, c, OperatorStructure.PositiveSemidefinite), indefinite), TestCompute.Auto.Blas));
    }

    private static DenseOperator Dense(double[,] matrix, Compute compute, OperatorStructure structure = OperatorStructure.None) =>
        new(ToTensor(matrix), compute, structure);

    private static Tensor<double> ToTensor(double[,] matrix) =>
        new([.. matrix.Cast<double>()], matrix.GetLength(0), matrix.GetLength(1));

    private static double[,] Transposed(double[,] matrix)
    {
        double[,] result = new double[matrix.GetLength(1), matrix.GetLength(0)];
        for (int i = 0; i < matrix.GetLength(0); i++)
        {
            for (int j = 0; j < matrix.GetLength(1); j++)
                result[j, i] = matrix[i, j];
        }
        return result;
    }

    private static double[,] Large()
    {
        RandomStream random = new(5);
        double[,] result = new double[LargeDimension, LargeDimension];
        for (int i = 0; i < LargeDimension; i++)
        {
            for (int j = 0; j < LargeDimension; j++)
                result[i, j] = random.NextNormal();
        }
        return result;
    }
}
