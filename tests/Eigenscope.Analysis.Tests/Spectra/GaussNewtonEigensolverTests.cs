using Eigenscope.Analysis.Spectra;
using Eigenscope.Analysis.Tests.Support;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Tests.Spectra;

public sealed class GaussNewtonEigensolverTests
{
    private const double Units = 2000.0;

    [Theory]
    [InlineData(false, "all", 5)]
    [InlineData(true, "all", 5)]
    [InlineData(true, "all", 18)]
    [InlineData(false, "1.weight", 6)]
    [InlineData(true, "2.weight", 18)]
    public void The_whole_spectrum_is_that_of_the_matrix_written_out(bool crossEntropy, string scope, int samples)
    {
        TwoLayerProblem problem = new(crossEntropy);
        double[][] dense = Matrix(problem, scope, samples);
        (double[] values, _) = Textbook.Eigen(dense);
        using Linearization part = problem.Linearization.Objective.Subset([.. Enumerable.Range(0, samples)]).Linearize(problem.Linearization.Parameters());

        EigenPairs pairs = GaussNewtonEigensolver.Solve(part, scope, new EigenOptions { Top = 4 }, TestCompute.Instance, new RandomStream(1));

        Assert.Equal("gram", pairs.Method);
        Assert.True(pairs.IsComplete);
        Assert.Equal(dense.Length, pairs.Dimension);
        Assert.Equal(Math.Min(3 * samples, dense.Length), pairs.Values.Count);
        Assert.Equal(dense.Length, pairs.Values.Count + pairs.UnlistedZeros);
        for (int j = 0; j < pairs.Values.Count; j++)
            Near.Equal(values[j], pairs.Values[j], Units, values[0]);
        Assert.All(values[pairs.Values.Count..], value => Near.Equal(0.0, value, Units, values[0]));
        Assert.Equal(ConvergenceStatus.Converged, pairs.Convergence.Status);
        CheckVectors(dense, pairs, 4);
    }

    // Features of samples are parameters of their own: no dense layer. (1/N) I ⊗ WᵀW has each σ²/N of W as often as there are samples.
    [Fact]
    public void Rows_of_other_than_dense_layers_are_made_explicit()
    {
        const int Count = 7, Width = 5, Classes = 3;
        Network network = Network.UnconstrainedFeatures(new UfmNetworkOptions { Samples = Count, Widths = [Width, Classes], Activation = Activation.Linear });
        double[] parameters = new double[network.ParameterCount];
        new RandomStream(8).FillNormal(parameters, 1.0);
        double[][] weight = Textbook.Rows(new Tensor<double>(parameters.AsSpan(Count * Width, Classes * Width).ToArray(), Classes, Width));
        int[] labels = [.. Enumerable.Range(0, Count).Select(static i => i % Classes)];
        Linearization linearization = Objective.Create(network, FeatureTableLayer.Indices(Count), labels, new MeanSquaredError(), TestCompute.Instance, new ObjectiveOptions()).Linearize(parameters);

        EigenPairs pairs = GaussNewtonEigensolver.Solve(linearization, "H1", new EigenOptions { Top = 2 }, TestCompute.Instance, new RandomStream(1));

        double[] squares = Textbook.Eigen(Textbook.Product(weight, Textbook.Transpose(weight))).Values;
        for (int j = 0; j < Classes * Count; j++)
            Near.Equal(squares[j / Count] / Count, pairs.Values[j], Units, squares[0] / Count);
        Assert.Equal([7, 7, 7], pairs.Multiplicities.Select(static group => group.Count));
        Assert.Equal((Count * Width) - (Count * Classes), pairs.UnlistedZeros);
    }

    [Fact]
    public void Beyond_the_limit_and_for_the_bottom_end_it_iterates()
    {
        TwoLayerProblem problem = new(crossEntropy: true);
        Assert.True(GaussNewtonEigensolver.UsesGram(problem.Linearization, "all", 54));
        Assert.False(GaussNewtonEigensolver.UsesGram(problem.Linearization, "all", 53));
        Assert.NotEqual("gram", Solve(new EigenOptions { Top = 3 }, 53).Method);
        Assert.NotEqual("gram", Solve(new EigenOptions { Top = 3, Bottom = 1 }, 54).Method);
        EigenPairs values = Solve(new EigenOptions { Top = 3, KeepVectors = false }, 54);
        Assert.Null(values.Vectors);
        Assert.Equal(0, values.Convergence.OperatorApplications);

        EigenPairs Solve(EigenOptions options, int limit) => GaussNewtonEigensolver.Solve(problem.Linearization, "all", options, TestCompute.Instance, new RandomStream(1), limit);
    }

    [Fact]
    public void Alignment_and_overlap_take_pairs_with_fewer_vectors_than_values()
    {
        TwoLayerProblem problem = new(crossEntropy: false);
        EigenPairs pairs = GaussNewtonEigensolver.Solve(problem.Linearization, "all", new EigenOptions { Top = 4 }, TestCompute.Instance, new RandomStream(1));
        double[] gradient = problem.Linearization.Gradient.ToArray();
        double expected = Enumerable.Range(0, 3).Sum(j => Math.Pow(Textbook.Dot(pairs.Vectors!.Row(j).ToArray(), gradient), 2)) / Textbook.Dot(gradient, gradient);
        Near.Equal(expected, GradientAlignment.Measure(problem.Linearization, "all", pairs, 3).Value, Units);
        Near.Undefined("the eigenspace at the gap has dimension 6, and 4 eigenvectors were kept; ask for more", GradientAlignment.Measure(problem.Linearization, "all", pairs, 6).Value);
        Near.Equal(1.0, EigenspaceOverlap.Between(pairs, pairs, 3, TestCompute.Instance).Value, Units);
    }

    [Fact]
    public void The_gradient_of_a_scope_is_gathered_from_the_whole()
    {
        TwoLayerProblem problem = new(crossEntropy: true);
        EigenPairs pairs = GaussNewtonEigensolver.Solve(problem.Linearization, "*.bias", new EigenOptions { Top = 8 }, TestCompute.Instance, new RandomStream(1));
        double[] whole = problem.Linearization.Gradient.ToArray();
        double[] gradient = [.. whole[20..25], .. whole[40..43]];
        GradientAlignment alignment = GradientAlignment.Measure(problem.Linearization, "*.bias", pairs, 2);
        double expected = Enumerable.Range(0, alignment.Used!.Value).Sum(j => Math.Pow(Textbook.Dot(pairs.Vectors!.Row(j).ToArray(), gradient), 2)) / Textbook.Dot(gradient, gradient);
        Near.Equal(expected, alignment.Value, Units);
    }

    private static void CheckVectors(double[][] dense, EigenPairs pairs, int wanted)
    {
        double[][] vectors = Textbook.Rows(pairs.Vectors!);
        Assert.Equal(wanted, vectors.Length);
        for (int j = 0; j < wanted; j++)
        {
            for (int i = 0; i <= j; i++)
                Near.Equal(i == j ? 1.0 : 0.0, Textbook.Dot(vectors[i], vectors[j]), Units, 1.0);
            double residual = Textbook.Norm(Textbook.Minus([.. dense.Select(row => Textbook.Dot(row, vectors[j]))], [.. vectors[j].Select(entry => entry * pairs.Values[j])]));
            Near.Equal(0.0, residual, Units, pairs.Values[0]);
            Assert.True(pairs.Residuals[j] <= Units * Textbook.Epsilon);
        }
    }

    private static double[][] Matrix(TwoLayerProblem problem, string scope, int samples)
    {
        double[][] rows = [.. Enumerable.Range(0, samples).SelectMany(i => problem.Vectors(scope, i))];
        return [.. Textbook.Product(Textbook.Transpose(rows), rows).Select(row => (double[])[.. row.Select(value => value / samples)])];
    }
}
