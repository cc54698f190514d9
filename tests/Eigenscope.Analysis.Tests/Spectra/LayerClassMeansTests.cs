using Eigenscope.Analysis.Spectra;
using Eigenscope.Analysis.Tests.Support;

namespace Eigenscope.Analysis.Tests.Spectra;

public sealed class LayerClassMeansTests
{
    private const double Units = 200.0;

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    [InlineData(true, 1)]
    public void Class_means_are_the_means_over_samples_written_out(bool crossEntropy, int layer)
    {
        TwoLayerProblem problem = new(crossEntropy);
        int visited = 0;
        LayerClassMeans means = LayerClassMeans.Measure(problem.Linearization, layer, problem.Data.Labels, 3, TestCompute.Instance, (_, jacobians) => visited += jacobians.Rows);

        Assert.Equal(3 * problem.Count, visited);
        for (int c = 0; c < 3; c++)
        {
            int[] members = [.. Enumerable.Range(0, problem.Count).Where(i => problem.Data.Labels[i] == c)];
            Near.Equal(members.Length / (double)problem.Count, means.Shares[c], 1);
            Same(members.Select(i => problem.Input(layer, i)), means.Features.Row(c));
            Same(members.Select(i => problem.Jacobian(layer, i).SelectMany(static row => row).ToArray()), means.Jacobians.Row(c));
            Same(members.Select(i => problem.LossHessian(i).SelectMany(static row => row).ToArray()), means.LossHessians.Row(c));
        }
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(true, 1)]
    public void The_trace_is_that_of_the_Gauss_Newton_matrix(bool crossEntropy, int layer)
    {
        TwoLayerProblem problem = new(crossEntropy);
        double expected = Enumerable.Range(0, problem.Count).Sum(i => problem.Vectors(layer, i).Sum(static g => Textbook.Dot(g, g))) / problem.Count;
        LayerClassMeans means = LayerClassMeans.Measure(problem.Linearization, layer, problem.Data.Labels, 3, TestCompute.Instance);
        Near.Equal(expected, means.GaussNewtonTrace, Units);
    }

    [Fact]
    public void Labels_that_do_not_fit_are_refused()
    {
        TwoLayerProblem problem = new(crossEntropy: false);
        Assert.Throws<ArgumentException>(() => LayerClassMeans.Measure(problem.Linearization, 0, problem.Data.Labels.AsSpan(1), 3, TestCompute.Instance));
        Assert.Throws<ArgumentOutOfRangeException>(() => LayerClassMeans.Measure(problem.Linearization, 2, problem.Data.Labels, 3, TestCompute.Instance));
    }

    private static void Same(IEnumerable<double[]> samples, ReadOnlySpan<double> actual)
    {
        double[] expected = Textbook.Mean([.. samples]);
        Assert.Equal(expected.Length, actual.Length);
        for (int j = 0; j < expected.Length; j++)
            Near.Equal(expected[j], actual[j], Units, 1.0);
    }
}
