using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;
using FsCheck;
using FsCheck.Fluent;

namespace Eigenscope.Numerics.Tests.Operators;

public sealed class LinearOperatorAlgebraTests
{
    private const double Tolerance = 1e-12;
    private const OperatorStructure Semidefinite = OperatorStructure.Symmetric | OperatorStructure.PositiveSemidefinite;
    private const OperatorStructure PositiveDiagonal = Semidefinite | OperatorStructure.Diagonal;

    private static readonly LinearOperator Identity = new IdentityOperator(3);
    private static readonly LinearOperator Signed = new DiagonalOperator([1, -1, 2]);
    private static readonly LinearOperator General = new DenseOperator(new Tensor<double>(3, 3), TestCompute.Auto);
    private static readonly LinearOperator Gram = new LowRankOperator(new Tensor<double>(2, 3), TestCompute.Auto);

    [Fact]
    public void Structure_propagates_as_the_table_says()
    {
        Assert.Equal(PositiveDiagonal, Identity.Structure);
        Assert.Equal(OperatorStructure.Symmetric | OperatorStructure.Diagonal, Signed.Structure);
        Assert.Equal(Semidefinite, Gram.Structure);
        Assert.Equal(Semidefinite, Identity.Add(Gram).Structure);
        Assert.Equal(OperatorStructure.None, Identity.Add(General).Structure);
        Assert.Equal(Semidefinite, Gram.Scale(2).Structure);
        Assert.Equal(OperatorStructure.Symmetric, Gram.Scale(-2).Structure);
        Assert.Equal(OperatorStructure.None, Gram.Compose(Gram).Structure);
        Assert.Equal(PositiveDiagonal, Identity.Compose(Identity).Structure);
        Assert.Equal(OperatorStructure.Symmetric | OperatorStructure.Diagonal, Identity.Compose(Signed).Structure);
        Assert.Equal(Semidefinite, Gram.Restrict(0, 2).Structure);
        Assert.Equal(Semidefinite, Identity.Kronecker(Gram).Structure);
        Assert.Equal(OperatorStructure.None, General.Kronecker(Gram).Structure);
    }

    [Fact]
    public void A_symmetric_operator_is_its_own_adjoint()
    {
        Assert.Same(Gram, Gram.Adjoint());
        Assert.NotSame(General, General.Adjoint());
    }

    [Fact]
    public void Block_cost_is_that_of_the_costliest_part()
    {
        Assert.Equal(0.2, Gram.Scale(3).BlockCostPerVector);
        Assert.Equal(1.0, Gram.Add(Identity).BlockCostPerVector);
        Assert.Equal(0.2, Gram.Compose(General).BlockCostPerVector);
        Assert.Equal(0.2, General.Adjoint().BlockCostPerVector);
        Assert.Equal(0.2, Gram.Restrict(0, 1).BlockCostPerVector);
    }

    [Fact]
    public void Wrong_arguments_are_refused_by_name()
    {
        LinearOperator tall = new DenseOperator(new Tensor<double>(3, 2), TestCompute.Auto);
        Assert.Equal("right", Assert.Throws<ArgumentException>(() => Identity.Add(tall)).ParamName);
        Assert.Equal("inner", Assert.Throws<ArgumentException>(() => tall.Compose(Identity)).ParamName);
        Assert.Equal("factor", Assert.Throws<ArgumentException>(() => Identity.Scale(double.NaN)).ParamName);
        Assert.Equal("operand", Assert.Throws<ArgumentException>(() => tall.Restrict(0, 1)).ParamName);
        Assert.Equal("count", Assert.Throws<ArgumentException>(() => Identity.Restrict(2, 2)).ParamName);
        Assert.Equal("start", Assert.Throws<ArgumentOutOfRangeException>(() => Identity.Restrict(-1, 2)).ParamName);
        Assert.Equal("structure", Assert.Throws<ArgumentException>(() => new DenseOperator(new Tensor<double>(3, 2), TestCompute.Auto, OperatorStructure.Symmetric)).ParamName);
        Assert.Throws<ArgumentNullException>(() => Identity.Add(null!));
    }

    [Fact]
    public void Kronecker_products_multiply_factor_by_factor() =>
        Check(seed =>
        {
            (LinearOperator a, LinearOperator b, LinearOperator c, LinearOperator d) = (Random(seed, 0, 2, 3), Random(seed, 1, 4, 2), Random(seed, 2, 3, 2), Random(seed, 3, 2, 3));
            return Same(a.Kronecker(b).Compose(c.Kronecker(d)), a.Compose(c).Kronecker(b.Compose(d)), seed);
        });

    [Fact]
    public void Adjoint_reverses_a_product() =>
        Check(seed =>
        {
            (LinearOperator a, LinearOperator b) = (Random(seed, 0, 3, 4), Random(seed, 1, 4, 2));
            return Same(a.Compose(b).Adjoint(), b.Adjoint().Compose(a.Adjoint()), seed);
        });

    [Fact]
    public void Composition_distributes_over_a_sum() =>
        Check(seed =>
        {
            (LinearOperator a, LinearOperator b, LinearOperator c) = (Random(seed, 0, 3, 4), Random(seed, 1, 4, 4), Random(seed, 2, 4, 4));
            return Same(a.Compose(b.Add(c)), a.Compose(b).Add(a.Compose(c)), seed);
        });

    [Fact]
    public void Restriction_of_a_scaled_sum_is_the_scaled_sum_of_restrictions() =>
        Check(seed =>
        {
            (LinearOperator a, LinearOperator b) = (Random(seed, 0, 5, 5), Random(seed, 1, 5, 5));
            return Same(a.Add(b).Scale(0.5).Restrict(1, 3), a.Restrict(1, 3).Scale(0.5).Add(b.Restrict(1, 3).Scale(0.5)), seed);
        });

    private static void Check(Func<ulong, bool> law) =>
        Prop.ForAll<int>(seed => law((ulong)(uint)seed)).QuickCheckThrowOnFailure();

    private static DenseOperator Random(ulong seed, int index, int rows, int columns)
    {
        Tensor<double> matrix = new(rows, columns);
        new RandomStream(seed).Split($"operand {index}").FillNormal(matrix.Span);
        return new DenseOperator(matrix, TestCompute.Auto);
    }

    private static bool Same(LinearOperator left, LinearOperator right, ulong seed)
    {
        double[] x = new double[left.Columns];
        new RandomStream(seed).Split("argument").FillNormal(x);
        double[] y = new double[left.Rows];
        double[] z = new double[right.Rows];
        left.Apply(x, y);
        right.Apply(x, z);
        double scale = 1 + y.Max(Math.Abs);
        return y.Zip(z).All(pair => Math.Abs(pair.First - pair.Second) <= Tolerance * scale);
    }
}
