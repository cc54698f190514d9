using Eigenscope.Analysis.Spectra;
using Eigenscope.Analysis.Tests.Support;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Tests.Spectra;

public sealed class PapyanSplitTests
{
    private const double Units = 2000.0;

    private static readonly PapyanOptions Exact = new();
    private static readonly PapyanOptions Streamed = new() { GramLimit = 0, Tolerance = 1e-12 };
    private static readonly PapyanOptions ProductsOnly = new() { GramLimit = 0, Tolerance = 1e-12, MeansBudget = 0 };

    public static TheoryData<bool, string> Scopes => new()
    {
        { false, "1.weight" }, { false, "2.weight" }, { false, "all" },
        { true, "1.weight" }, { true, "1.bias" }, { true, "2.weight" }, { true, "all" },
    };

    [Theory]
    [MemberData(nameof(Scopes))]
    public void The_parts_are_those_written_out_and_sum_to_the_Gauss_Newton_matrix(bool crossEntropy, string scope)
    {
        TwoLayerProblem problem = new(crossEntropy);
        double[][][] parts = Parts(problem, scope);
        double[][] operatorMatrix = Materialize(problem.Linearization.GaussNewton(scope));
        double largest = Textbook.Eigen(operatorMatrix).Values.Max();
        Same(operatorMatrix, Sum(parts), largest);

        foreach (PapyanOptions options in new[] { Exact, Streamed, ProductsOnly })
        {
            PapyanSplit split = PapyanSplit.Measure(problem.Linearization, scope, problem.Data.Labels, 3, options, TestCompute.Instance, new RandomStream(1));
            Near.Equal(Textbook.Trace(operatorMatrix), split.Trace, Units);
            Assert.Equal(0.0, split.TraceStandardError);
            Assert.Equal(options == Exact, split.IsExact);
            Check(parts[0], split.WithinClass, largest);
            Check(parts[1], split.CrossClass, largest);
            Check(parts[2], split.Class, largest);
            double cosine = Textbook.Trace(Textbook.Product(parts[1], parts[2])) / (Textbook.Norm(parts[1]) * Textbook.Norm(parts[2]));
            if (options == ProductsOnly)
                Assert.Contains("exceed the budget", split.ClassCrossCosine.Reason, StringComparison.Ordinal);
            else
                Near.Equal(cosine, split.ClassCrossCosine, Units, 1.0);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_parts_are_operators(bool crossEntropy)
    {
        TwoLayerProblem problem = new(crossEntropy);
        double[][][] parts = Parts(problem, "all");
        double largest = Textbook.Eigen(Sum(parts)).Values.Max();
        foreach (GaussNewtonPart part in Enum.GetValues<GaussNewtonPart>())
            Same(parts[(int)part], Materialize(GaussNewtonParts.Operator(problem.Linearization, "all", problem.Data.Labels, 3, part)), largest);
    }

    // With room for the mean gradients of one parameter only, every parameter takes a walk of its own; with room for all, one walk serves every scope.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Scopes_measured_together_have_the_parts_written_out(bool oneByOne)
    {
        TwoLayerProblem problem = new(crossEntropy: true);
        string[] scopes = ["2.weight", "all", "1.weight", "1.bias"];
        long largestBlock = problem.Linearization.Objective.Network.Blocks.Max(static block => block.Length);
        PapyanOptions options = Streamed with { IteratedScopes = ["all"], MeansBudget = oneByOne ? 9 * sizeof(double) * largestBlock : Streamed.MeansBudget };

        IReadOnlyList<PapyanSplit> splits = PapyanSplit.MeasureEach(problem.Linearization, scopes, problem.Data.Labels, 3, options, TestCompute.Instance, new RandomStream(1));

        for (int index = 0; index < scopes.Length; index++)
        {
            double[][][] parts = Parts(problem, scopes[index]);
            double largest = Textbook.Eigen(Sum(parts)).Values.Max();
            Check(parts[1], splits[index].CrossClass, largest);
            Check(parts[2], splits[index].Class, largest);
            Near.Equal(Textbook.Trace(parts[0]), splits[index].WithinClass.Trace, Units, largest);
            Near.Equal(Textbook.Trace(Sum(parts)), splits[index].Trace, Units);
            if (scopes[index] == "all")
                Check(parts[0], splits[index].WithinClass, largest);
            else
                Near.Undefined("its eigenvalues were not iterated for", splits[index].WithinClass.Rank);
        }
    }

    [Fact]
    public void Samples_may_have_weights()
    {
        TwoLayerProblem problem = new(crossEntropy: true);
        double[] weights = [.. Enumerable.Range(0, problem.Count).Select(static i => 0.2 + (i % 3))];
        double[][][] parts = Parts(problem, "all", weights);
        double largest = Textbook.Eigen(Sum(parts)).Values.Max();
        foreach (PapyanOptions options in new[] { Exact, Streamed })
        {
            PapyanSplit split = PapyanSplit.Measure(problem.Weighted(weights), "all", problem.Data.Labels, 3, options, TestCompute.Instance, new RandomStream(1));
            Check(parts[0], split.WithinClass, largest);
            Check(parts[1], split.CrossClass, largest);
            Check(parts[2], split.Class, largest);
        }
    }

    [Theory]
    [InlineData(3, 4, 0)]
    [InlineData(3, 4, 1)]
    [InlineData(3, 4, 2)]
    [InlineData(4, 2, 1)]
    public void At_the_collapsed_optimum_ranks_are_0_and_K_squared_minus_K_and_K_with_orthogonal_images(int classes, int perClass, int layer)
    {
        const double Gain = 1.3, Norm = 0.7;
        const int Width = 6, Depth = 3;
        (Linearization linearization, int[] labels) = Optimum(classes, perClass, Width, Depth, Gain, Norm);

        foreach (PapyanOptions options in new[] { Exact, Streamed })
            CheckOptimum(PapyanSplit.Measure(linearization, $"{layer + 1}.weight", labels, classes, options, TestCompute.Instance, new RandomStream(1)));

        void CheckOptimum(PapyanSplit split)
        {
            // Every non-zero eigenvalue is s^(2(L−1)) η² / K.
            double expected = Math.Pow(Gain, 2 * (Depth - 1)) * Norm * Norm / classes;
            Near.Equal(0.0, split.WithinClass.Rank, 1);
            Near.Equal(classes * (classes - 1), split.CrossClass.Rank, 1);
            Near.Equal(classes, split.Class.Rank, 1);
            Near.Equal(0.0, split.ClassCrossCosine, Units, 1.0);
            Assert.All(split.CrossClass.Eigenvalues.Take(classes * (classes - 1)), value => Near.Equal(expected, value, Units));
            Assert.All(split.Class.Eigenvalues.Take(classes), value => Near.Equal(expected, value, Units));
            Near.Equal(classes * classes * expected, split.Trace, Units);
        }
    }

    [Fact]
    public void A_part_that_is_zero_leaves_the_cosine_undefined()
    {
        (Linearization linearization, int[] labels) = Optimum(3, 2, 4, 2, 1.0, 0.0);
        PapyanSplit split = PapyanSplit.Measure(linearization, "1.weight", labels, 3, Exact, TestCompute.Instance, new RandomStream(1));
        Near.Equal(0.0, split.Class.Rank, 1);
        Near.Undefined("the class part or the cross-class part is zero", split.ClassCrossCosine);
    }

    // Features of samples are parameters of their own: (1/N) (I − P) ⊗ WᵀW, P the averages over classes, has trace ‖W‖² (1 − K/N) and each σ²/N of W as often as N − K.
    [Fact]
    public void Beyond_dense_layers_the_trace_is_estimated_with_its_error()
    {
        const int Classes = 4, PerClass = 30, Width = 30, Count = Classes * PerClass;
        Network network = Network.UnconstrainedFeatures(new UfmNetworkOptions { Samples = Count, Widths = [Width, Classes], Activation = Activation.Linear });
        double[] parameters = new double[network.ParameterCount];
        new RandomStream(8).FillNormal(parameters, 1.0);
        double[][] weight = Textbook.Rows(new Tensor<double>(parameters.AsSpan(Count * Width, Classes * Width).ToArray(), Classes, Width));
        int[] labels = [.. Enumerable.Range(0, Count).Select(static i => i % Classes)];
        Linearization linearization = Objective.Create(network, FeatureTableLayer.Indices(Count), labels, new MeanSquaredError(), TestCompute.Instance, new ObjectiveOptions()).Linearize(parameters);

        PapyanSplit split = PapyanSplit.Measure(linearization, "H1", labels, Classes, new PapyanOptions { GramLimit = 0, Tolerance = 1e-8, Pairs = 3, ExactTraceEntries = 0 }, TestCompute.Instance, new RandomStream(3));

        double squares = Math.Pow(Textbook.Norm(weight), 2);
        double within = squares * (1.0 - ((double)Classes / Count));
        Assert.InRange(split.WithinClass.TraceStandardError, 1e-4 * within, 0.2 * within);
        Assert.InRange(split.WithinClass.Trace.Value!.Value, within - (4.0 * split.WithinClass.TraceStandardError), within + (4.0 * split.WithinClass.TraceStandardError));
        Assert.Equal(split.WithinClass.TraceStandardError, split.TraceStandardError);
        Near.Equal(squares * Classes / Count, split.Class.Trace.Value!.Value + split.CrossClass.Trace.Value!.Value, Units);
        double top = Textbook.Eigen(Textbook.Product(weight, Textbook.Transpose(weight))).Values[0] / Count;
        Assert.All(split.WithinClass.Eigenvalues, value => Assert.Equal(top, value, 1e-8 * top));
        CheckResiduals(split.WithinClass, top);
        Assert.StartsWith("at least 3", split.WithinClass.Rank.Reason, StringComparison.Ordinal);
        Assert.Equal(ConvergenceStatus.Converged, split.WithinClass.Convergence!.Status);
        Assert.Equal(16.0, split.CrossClass.Rank.Value!.Value + split.Class.Rank.Value!.Value);

        PapyanSplit loose = PapyanSplit.Measure(linearization, "H1", labels, Classes, new PapyanOptions { GramLimit = 0, Tolerance = 0.3, Pairs = 3, ExactTraceEntries = 0 }, TestCompute.Instance, new RandomStream(3));
        CheckResiduals(loose.WithinClass, top);
        Assert.Equal(0.3, loose.WithinClass.Convergence!.Tolerance);
        Assert.Empty(loose.Class.Residuals);

        PapyanSplit exact = PapyanSplit.Measure(linearization, "H1", labels, Classes, new PapyanOptions { GramLimit = 0, Pairs = 1 }, TestCompute.Instance, new RandomStream(3));
        Near.Equal(squares, exact.Trace, Units);
        Near.Equal(within, exact.WithinClass.Trace, Units);
        Assert.Equal(0.0, exact.TraceStandardError);
    }

    [Fact]
    public void A_cancelled_measurement_says_what_is_missing()
    {
        TwoLayerProblem problem = new(crossEntropy: true);
        PapyanSplit split = PapyanSplit.Measure(problem.Linearization, "all", problem.Data.Labels, 3, Streamed, TestCompute.Instance, new RandomStream(1), new CancellationToken(canceled: true));
        Near.Undefined("the run was interrupted before it", split.Class.Rank);
        Near.Undefined("the run was interrupted before it", split.WithinClass.Trace);
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        TwoLayerProblem problem = new(crossEntropy: false);
        Assert.Throws<ArgumentException>(() => Measure("3.weight", problem.Data.Labels, Exact));
        Assert.Throws<ArgumentException>(() => Measure("all", problem.Data.Labels.AsSpan(1), Exact));
        Assert.Throws<ArgumentException>(() => Measure("all", new int[problem.Count], Exact));
        Assert.Throws<ArgumentOutOfRangeException>(() => Measure("all", problem.Data.Labels, Exact with { Pairs = 0 }));

        PapyanSplit Measure(string scope, ReadOnlySpan<int> labels, PapyanOptions options) => PapyanSplit.Measure(problem.Linearization, scope, labels, 3, options, TestCompute.Instance, new RandomStream(1));
    }

    // Features on an orthogonal frame, every weight s times a partial isometry that carries one frame to the next.
    private static (Linearization Linearization, int[] Labels) Optimum(int classes, int perClass, int width, int depth, double gain, double norm)
    {
        Network network = Network.Mlp(new MlpOptions { Widths = [.. Enumerable.Repeat(width, depth), classes], Activation = Activation.Linear, Biases = false });
        double[][][] frames = [.. Enumerable.Range(0, depth).Select(l => Samples.Rotation((ulong)(40 + l), width)[..classes]), Samples.Rotation(60, classes)];
        double[] parameters = new double[network.ParameterCount];
        for (int l = 0; l < depth; l++)
        {
            ParameterBlock block = network.WeightLayers[l].Weight;
            for (int entry = 0; entry < block.Length; entry++)
                parameters[block.Offset + entry] = gain * Enumerable.Range(0, classes).Sum(c => frames[l + 1][c][entry / width] * frames[l][c][entry % width]);
        }
        int[] labels = [.. Enumerable.Range(0, classes * perClass).Select(i => i % classes)];
        Tensor<double> features = Textbook.ToTensor([.. labels.Select(c => frames[0][c].Select(value => norm * value).ToArray())]);
        Objective objective = Objective.Create(network, features, labels, new MeanSquaredError(), TestCompute.Instance, new ObjectiveOptions());
        return (objective.Linearize(parameters), labels);
    }

    // A symmetric matrix has an eigenvalue within ‖Av − θv‖ of every θ; here the largest has many copies, and nothing above it.
    private static void CheckResiduals(PapyanPart part, double top)
    {
        Assert.Equal(part.Eigenvalues.Count, part.Residuals.Count);
        Assert.All(part.Residuals, residual => Assert.InRange(residual, 0.0, part.Convergence!.Tolerance));
        Assert.Equal(part.Convergence!.MaxResidual, part.Residuals.Max());
        Assert.InRange(part.Eigenvalues[0], top - (part.Residuals[0] * part.Eigenvalues[0]) - (1e-12 * top), top * (1.0 + 1e-12));
    }

    private static void Check(double[][] dense, PapyanPart part, double largest)
    {
        double[] values = [.. Textbook.Eigen(dense).Values.OrderDescending()];
        Near.Equal(Textbook.Trace(dense), part.Trace, Units, largest);
        Near.Equal(values.Count(value => value > PapyanSplit.RankTolerance * largest), part.Rank, 1);
        for (int j = 0; j < part.Eigenvalues.Count; j++)
            Near.Equal(j < values.Length ? values[j] : 0.0, part.Eigenvalues[j], Units, largest);
    }

    // The definition: weighted means of the gradients per class and logit, then per class, and the sums of outer products.
    private static double[][][] Parts(TwoLayerProblem problem, string scope, double[]? weights = null)
    {
        weights ??= [.. Enumerable.Repeat(1.0 / problem.Count, problem.Count)];
        double[][] terms = [.. Enumerable.Range(0, problem.Count).Select(i => (double[])[.. problem.TermWeights(i).Select(omega => omega * weights[i])])];
        double[][][] vectors = [.. Enumerable.Range(0, problem.Count).Select(i => (double[][])[.. problem.Vectors(scope, i).Select((g, k) => Scaled(g, 1.0 / Math.Sqrt(problem.TermWeights(i)[k])))])];
        int length = vectors[0][0].Length;
        double[][][] parts = [Textbook.Zeros(length, length), Textbook.Zeros(length, length), Textbook.Zeros(length, length)];
        for (int c = 0; c < 3; c++)
        {
            int[] members = [.. Enumerable.Range(0, problem.Count).Where(i => problem.Data.Labels[i] == c)];
            double[] totals = [.. Enumerable.Range(0, 3).Select(k => members.Sum(i => terms[i][k]))];
            double[][] means = [.. Enumerable.Range(0, 3).Select(k => Mean(members.Select(i => (terms[i][k], vectors[i][k]))))];
            int[] logits = [.. Enumerable.Range(0, 3).Where(k => !problem.IsApart(c, k))];
            double[] mean = Mean(logits.Select(k => (totals[k], means[k])));
            for (int k = 0; k < 3; k++)
            {
                foreach (int i in members)
                    AddOuter(parts[0], Textbook.Minus(vectors[i][k], means[k]), terms[i][k]);
                if (problem.IsApart(c, k))
                    AddOuter(parts[2], means[k], totals[k]);
                else
                    AddOuter(parts[1], Textbook.Minus(means[k], mean), totals[k]);
            }
            AddOuter(parts[2], mean, logits.Sum(k => totals[k]));
        }
        return parts;
    }

    private static double[] Mean(IEnumerable<(double Weight, double[] Vector)> terms)
    {
        double total = terms.Sum(static term => term.Weight);
        return [.. Enumerable.Range(0, terms.First().Vector.Length).Select(j => terms.Sum(term => term.Weight * term.Vector[j]) / total)];
    }

    private static double[] Scaled(double[] vector, double factor) => [.. vector.Select(entry => entry * factor)];

    private static double[][] Sum(double[][][] parts) => [.. parts[0].Select((row, i) => (double[])[.. row.Select((value, j) => value + parts[1][i][j] + parts[2][i][j])])];

    private static void Same(double[][] expected, double[][] actual, double scale)
    {
        for (int i = 0; i < expected.Length; i++)
            for (int j = 0; j < expected.Length; j++)
                Near.Equal(expected[i][j], actual[i][j], Units, scale);
    }

    private static void AddOuter(double[][] matrix, double[] vector, double weight)
    {
        for (int i = 0; i < vector.Length; i++)
            for (int j = 0; j < vector.Length; j++)
                matrix[i][j] += weight * vector[i] * vector[j];
    }

    private static double[][] Materialize(LinearOperator operand)
    {
        double[][] rows = Textbook.Zeros(operand.Rows, operand.Columns);
        for (int i = 0; i < rows.Length; i++)
        {
            double[] unit = new double[operand.Columns];
            unit[i] = 1.0;
            operand.Apply(unit, rows[i]);
        }
        return rows;
    }
}
