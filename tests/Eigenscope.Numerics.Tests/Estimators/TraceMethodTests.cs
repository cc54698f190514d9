using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Estimators;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;
using Eigenscope.Testing.Spectra;

namespace Eigenscope.Numerics.Tests.Estimators;

public sealed class TraceMethodTests
{
    private const int Dimension = 320;
    private const double Rounding = 1e-10;

    public static TheoryData<TraceMethod> Sketching() => [TraceMethod.HutchPlusPlus, TraceMethod.XTrace];

    public static TheoryData<TraceMethod> All() => [TraceMethod.Hutchinson, TraceMethod.HutchPlusPlus, TraceMethod.XTrace];

    [Theory]
    [MemberData(nameof(Sketching))]
    public void A_range_within_the_sketch_is_exact(TraceMethod method)
    {
        MixedSpectrumOperator a = new(HardSpectra.RankThree(Dimension).Eigenvalues);
        TraceResult result = Estimate(a, new TraceOptions { Method = method });
        Assert.Equal(6.0, result.Trace.Mean, Rounding);
        Assert.Equal(0, result.Trace.StandardError);
        Assert.True(result.IsWithinTarget);
        Assert.Equal(a.Applications, result.OperatorApplications);
        Assert.Contains("exactly", result.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Sketching))]
    public void A_multiple_of_the_identity_is_exact(TraceMethod method)
    {
        TraceResult result = Estimate(new MixedSpectrumOperator(Enumerable.Repeat(-2.5, Dimension)), new TraceOptions { Method = method });
        Assert.Equal(-2.5 * Dimension, result.Trace.Mean, Rounding);
        Assert.InRange(result.Trace.StandardError, 0, Rounding);
        Assert.Equal(24, result.OperatorApplications);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_zero_operator_has_trace_zero(TraceMethod method)
    {
        TraceResult result = Estimate(new MixedSpectrumOperator(new double[Dimension]), new TraceOptions { Method = method });
        Assert.Equal(0, result.Trace.Mean);
        Assert.Equal(0, result.Trace.StandardError);
        Assert.True(result.IsWithinTarget);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Operators_need_not_be_symmetric(TraceMethod method)
    {
        RandomStream random = new(3);
        Tensor<double> matrix = new(Dimension, Dimension);
        random.FillNormal(matrix.Span, 0.01);
        double exact = 0;
        for (int i = 0; i < Dimension; i++)
        {
            matrix[i, i] += 1.0 / (1 + i);
            exact += matrix[i, i];
        }
        TraceResult result = Estimate(new DenseOperator(matrix, TestCompute.Auto), new TraceOptions { Method = method, MaxApplications = 120, RelativeTarget = 0 });
        Assert.Equal(120, result.OperatorApplications);
        Assert.False(result.IsWithinTarget);
        Assert.InRange(Math.Abs(result.Trace.Mean - exact), 0, 4 * result.Trace.StandardError);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Powers_of_two_scale_the_result_and_nothing_else(TraceMethod method)
    {
        double[] law = [.. HardSpectra.PowerLaw(Dimension, 1).Eigenvalues];
        double huge = Math.ScaleB(1, 600);
        TraceOptions options = new() { Method = method, MaxApplications = 60 };
        TraceResult plain = Estimate(new MixedSpectrumOperator(law), options);
        TraceResult scaled = Estimate(new MixedSpectrumOperator(law.Select(value => value * huge)), options);
        Assert.Equal(plain.Trace.Mean * huge, scaled.Trace.Mean);
        Assert.Equal(plain.Trace.StandardError * huge, scaled.Trace.StandardError);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Small_operators_are_summed_exactly_and_diagonal_ones_at_once(TraceMethod method)
    {
        PrescribedSpectrumOperator small = new([3, 2, -1, 0.5, 0]);
        TraceResult result = Estimate(small, new TraceOptions { Method = method });
        Assert.Equal(4.5, result.Trace.Mean, Rounding);
        Assert.Equal(5, small.Applications);
        Assert.Equal(5, result.OperatorApplications);
        Assert.Equal(1, Estimate(new DiagonalOperator(new double[5000]), new TraceOptions { Method = method }).OperatorApplications);
        PrescribedSpectrumOperator medium = new([.. HardSpectra.PowerLaw(40, 0.1).Eigenvalues]);
        TraceResult exact = Estimate(medium, new TraceOptions { Method = method, RelativeTarget = 1e-9 });
        Assert.Equal(0, exact.Trace.StandardError);
        Assert.Equal(medium.Applications, exact.OperatorApplications);
        Assert.Equal(medium.Eigenvalues.ToArray().Sum(), exact.Trace.Mean, Rounding);
    }

    [Fact]
    public void Wrong_arguments_are_listed_together()
    {
        TraceOptions wrong = new() { Method = (TraceMethod)9, RelativeTarget = -1, AbsoluteTarget = double.NaN, MaxApplications = 3, BlockSize = 0 };
        ArgumentException error = Assert.Throws<ArgumentException>(() => Estimate(new IdentityOperator(3), wrong));
        Assert.All(new[] { "Method", "RelativeTarget", "AbsoluteTarget", "MaxApplications", "BlockSize" }, name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
        Assert.Throws<ArgumentException>(() => Estimate(new DenseOperator(new Tensor<double>(3, 2), TestCompute.Auto), new TraceOptions()));
        Assert.Throws<LinearAlgebraException>(() => Estimate(new MixedSpectrumOperator([double.NaN, .. new double[63]]), new TraceOptions()));
    }

    private static TraceResult Estimate(LinearOperator a, TraceOptions options) =>
        TraceEstimator.Estimate(a, options, TestCompute.Auto, new RandomStream(5));
}
