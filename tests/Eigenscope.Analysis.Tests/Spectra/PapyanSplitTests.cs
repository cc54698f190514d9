using Eigenscope.Analysis.Spectra;
using Eigenscope.Analysis.Tests.Support;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Tests.Spectra;

public sealed class PapyanSplitTests
{
    private const double Units = 2000.0;

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    [InlineData(true, 1)]
    public void The_parts_are_those_written_out_and_sum_to_the_Gauss_Newton_matrix(bool crossEntropy, int layer)
    {
        TwoLayerProblem problem = new(crossEntropy);
        double[][][] parts = Parts(problem, layer);
        double[][] operatorMatrix = Materialize(problem.Linearization.GaussNewton(layer == 0 ? "1.weight" : "2.weight"));
        double largest = Textbook.Eigen(operatorMatrix).Values.Max();
        for (int i = 0; i < operatorMatrix.Length; i++)
            for (int j = 0; j < operatorMatrix.Length; j++)
                Near.Equal(operatorMatrix[i][j], parts[0][i][j] + parts[1][i][j] + parts[2][i][j], Units, largest);

        PapyanSplit split = PapyanSplit.Measure(problem.Linearization, layer, problem.Data.Labels, 3, TestCompute.Instance);

        Near.Equal(Textbook.Trace(operatorMatrix), split.Trace, Units);
        Check(parts[0], split.WithinClass, largest);
        Check(parts[1], split.CrossClass, largest);
        Check(parts[2], split.Class, largest);
        double cosine = Textbook.Trace(Textbook.Product(parts[1], parts[2])) / (Textbook.Norm(parts[1]) * Textbook.Norm(parts[2]));
        Near.Equal(cosine, split.ClassCrossCosine, Units, 1.0);
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

        PapyanSplit split = PapyanSplit.Measure(linearization, layer, labels, classes, TestCompute.Instance);

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

    [Fact]
    public void A_part_that_is_zero_leaves_the_cosine_undefined()
    {
        (Linearization linearization, int[] labels) = Optimum(3, 2, 4, 2, 1.0, 0.0);
        PapyanSplit split = PapyanSplit.Measure(linearization, 0, labels, 3, TestCompute.Instance);
        Near.Equal(0.0, split.Class.Rank, 1);
        Near.Undefined("the class part or the cross-class part is zero", split.ClassCrossCosine);
    }

    [Fact]
    public void Too_many_samples_are_said_to_be_too_many()
    {
        (Linearization linearization, int[] labels) = Optimum(4, 126, 4, 2, 1.0, 1.0);
        PapyanSplit split = PapyanSplit.Measure(linearization, 1, labels, 4, TestCompute.Instance);
        Near.Undefined("samples times logits are 2016, above the 2000 for which the split is computed", split.Class.Rank);
        Assert.Empty(split.WithinClass.Eigenvalues);
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

    private static void Check(double[][] dense, PapyanPart part, double largest)
    {
        double[] values = [.. Textbook.Eigen(dense).Values.OrderDescending()];
        Near.Equal(Textbook.Trace(dense), part.Trace, Units, largest);
        Near.Equal(values.Count(value => value > PapyanSplit.RankTolerance * largest), part.Rank, 1);
        for (int j = 0; j < part.Eigenvalues.Count; j++)
            Near.Equal(j < values.Length ? values[j] : 0.0, part.Eigenvalues[j], Units, largest);
    }

    // The definition: means of the vectors per class and logit, then per class, and the three sums of outer products.
    private static double[][][] Parts(TwoLayerProblem problem, int layer)
    {
        double[][][] vectors = [.. Enumerable.Range(0, problem.Count).Select(i => problem.Vectors(layer, i))];
        int length = vectors[0][0].Length;
        double[][][] parts = [Textbook.Zeros(length, length), Textbook.Zeros(length, length), Textbook.Zeros(length, length)];
        for (int c = 0; c < 3; c++)
        {
            int[] members = [.. Enumerable.Range(0, problem.Count).Where(i => problem.Data.Labels[i] == c)];
            double[][] means = [.. Enumerable.Range(0, 3).Select(k => Textbook.Mean([.. members.Select(i => vectors[i][k])]))];
            double[] mean = Textbook.Mean(means);
            for (int k = 0; k < 3; k++)
            {
                foreach (int i in members)
                    AddOuter(parts[0], Textbook.Minus(vectors[i][k], means[k]), 1.0 / problem.Count);
                AddOuter(parts[1], Textbook.Minus(means[k], mean), (double)members.Length / problem.Count);
            }
            AddOuter(parts[2], mean, 3.0 * members.Length / problem.Count);
        }
        return parts;
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
