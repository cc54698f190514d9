using Eigenscope.Analysis.Spectra;
using Eigenscope.Analysis.Tests.Support;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Tests.Spectra;

public sealed class EigenspaceOverlapTests
{
    private static readonly double[][] Axes = Samples.Rotation(5, 6);

    [Theory]
    [InlineData(new double[] { 5, 4, 3, 2 }, 2, 2)]
    [InlineData(new double[] { 5, 4, 4, 2 }, 2, 3)]
    [InlineData(new double[] { 5, 5, 5, 2 }, 1, 3)]
    [InlineData(new double[] { 5, 4.0000001, 4, 2 }, 2, 3)]
    [InlineData(new double[] { 5, 4.00001, 4, 2 }, 2, 2)]
    public void K_is_raised_to_the_end_of_a_cluster_of_measured_values(double[] values, int k, int used)
    {
        // The prediction turns the measured basis within the space that counts.
        Tensor<double> predicted = Textbook.ToTensor(Textbook.Product(Samples.Rotation(6, used), Axes[..used]));
        EigenspaceOverlap overlap = Measure(count => count == used ? predicted : throw new InvalidOperationException($"asked for {count}"), 4, values, k);
        Near.Equal(1.0, overlap.Value, 64);
        Assert.Equal(used, overlap.Used);
        Assert.Equal(k, overlap.Requested);
    }

    [Fact]
    public void A_prediction_of_lower_rank_or_a_list_that_ends_in_a_cluster_has_no_overlap()
    {
        EigenspaceOverlap shorter = Measure(static _ => throw new InvalidOperationException(), 2, [5, 4, 4, 2], 2);
        Near.Undefined("the measured eigenspace at the gap has dimension 3, the prediction has rank 2", shorter.Value);
        Assert.Null(shorter.Used);
        EigenspaceOverlap open = Measure(static _ => throw new InvalidOperationException(), 4, [5, 4, 4, 4], 2);
        Near.Undefined("the end of the cluster of eigenvalue 2 is not among the 4 pairs available; solve for more", open.Value);
    }

    [Fact]
    public void A_complete_spectrum_ends_in_a_gap()
    {
        EigenspaceOverlap overlap = EigenspaceOverlap.Measure(_ => Textbook.ToTensor(Axes), 6, Textbook.ToTensor(Axes).AsMatrix(), [5, 4, 4, 4, 4, 4], 6, 2, TestCompute.Instance);
        Assert.Equal(6, overlap.Used);
        Near.Equal(1.0, overlap.Value, 64);
    }

    [Theory]
    [InlineData(new double[] { 4, 1, 1e-5, 1e-7, 0 }, 3)]
    [InlineData(new double[] { 0, 0 }, 0)]
    [InlineData(new double[] { }, 0)]
    public void Values_below_the_tolerance_are_in_the_cluster_at_zero(double[] values, int count) => Assert.Equal(count, EigenvalueCluster.AboveZero(values));

    [Fact]
    public void Fewer_vectors_than_values_are_refused() =>
        Assert.Throws<ArgumentException>(() => EigenspaceOverlap.Measure(static _ => new Tensor<double>(1, 6), 4, Textbook.ToTensor(Axes[..2]).AsMatrix(), [5, 4, 3], 6, 1, TestCompute.Instance));

    private static EigenspaceOverlap Measure(Func<int, Tensor<double>> predicted, int available, double[] values, int k) =>
        EigenspaceOverlap.Measure(predicted, available, Textbook.ToTensor(Axes[..values.Length]).AsMatrix(), values, 6, k, TestCompute.Instance);
}
