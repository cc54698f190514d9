using Eigenscope.Theory.UnconstrainedFeatures;

namespace Eigenscope.Theory.Tests.UnconstrainedFeatures;

/// <summary>Layer-wise spectra and alignments, against matrices built from the explicit solution.</summary>
public sealed class UfmSpectraTests
{
    private const double Rounding = 1e-13;

    public static TheoryData<string> Names => UfmCases.Names;

    public static TheoryData<string> OrthogonalNames => UfmCases.OrthogonalNames;

    [Theory]
    [MemberData(nameof(Names))]
    public void Layer_Hessians_are_the_predicted_ones(string name)
    {
        (UfmOptimum optimum, DenseModel model, double[] point) = Solve(name);

        for (int layer = 1; layer <= optimum.Setting.Depth; layer++)
            Spectrum.AssertComplete(UfmSpectra.LayerHessian(optimum, layer), model.Hessian(point, model.Weight(layer), regularised: false));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gauss_Newton_of_all_weights_is_the_predicted_one(string name)
    {
        (UfmOptimum optimum, DenseModel model, double[] point) = Solve(name);

        Spectrum.AssertComplete(UfmSpectra.GaussNewtonOfWeights(optimum), model.GaussNewton(point, model.AllWeights));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Feature_moments_and_norms_are_the_predicted_ones(string name)
    {
        (UfmOptimum optimum, DenseModel model, double[] point) = Solve(name);

        for (int layer = 1; layer <= optimum.Setting.Depth; layer++)
        {
            double[,] input = model.LayerInput(point, layer);
            double norm = Math.Sqrt(Enumerable.Range(0, optimum.Setting.Width).Sum(row => input[row, 0] * input[row, 0]));

            Assert.Equal(norm, optimum.ClassMeanNorm(layer), Rounding);
            Spectrum.AssertComplete(UfmSpectra.FeatureSecondMoment(optimum, layer), Moment(input, isCentred: false));
            Spectrum.AssertComplete(UfmSpectra.FeatureCovariance(optimum, layer), Moment(input, isCentred: true));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Weights_and_their_gradients_have_the_predicted_singular_values(string name)
    {
        (UfmOptimum optimum, DenseModel model, double[] point) = Solve(name);
        double[] gradient = model.Gradient(point, regularised: false);

        for (int layer = 1; layer <= optimum.Setting.Depth; layer++)
        {
            AssertSquares(UfmSpectra.WeightSingularValues(optimum), Gram(point[model.Weight(layer)], optimum.Setting.Width), scale: 0);
            // A gradient is a small difference of logits and labels of order 1, so its rounding is relative to those.
            double scale = optimum.Setting.WeightDecay * optimum.SingularValue;
            AssertSquares(UfmSpectra.GradientSingularValues(optimum), Gram(gradient[model.Weight(layer)], optimum.Setting.Width), scale);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Neighbouring_factors_are_balanced(string name)
    {
        (UfmOptimum optimum, DenseModel model, double[] point) = Solve(name);
        int width = optimum.Setting.Width;
        double[,] before = OuterGram(point[model.Features], model.Samples);

        for (int layer = 1; layer <= optimum.Setting.Depth; layer++)
        {
            double[] weight = point[model.Weight(layer)];
            double[,] gram = Gram(weight, width);
            double ratio = UfmSpectra.BalanceRatio(optimum, layer);
            for (int i = 0; i < width * width; i++)
                Assert.Equal(ratio * before[i / width, i % width], gram[i / width, i % width], Rounding);
            before = OuterGram(weight, width);
        }
    }

    [Theory]
    [MemberData(nameof(OrthogonalNames))]
    public void The_gradient_has_equal_coefficients_on_matching_class_means_and_no_others(string name)
    {
        (UfmOptimum optimum, DenseModel model, double[] point) = Solve(name);
        double[] gradient = model.Gradient(point, regularised: false);
        IReadOnlyList<PredictedGroup> predicted = UfmSpectra.GradientCoefficients(optimum);

        for (int layer = 1; layer <= optimum.Setting.Depth; layer++)
        {
            double[] coefficients = SquaredCoefficients(model, point, gradient[model.Weight(layer)], layer, optimum.Setting);
            double[] expected = predicted.SelectMany(group => Enumerable.Repeat(group.Value, (int)group.Count)).ToArray();
            Array.Sort(coefficients, (x, y) => y.CompareTo(x));
            Assert.Equal(expected.Length, coefficients.Length);
            Assert.All(expected.Zip(coefficients), pair => Assert.Equal(pair.First, pair.Second, Rounding));
        }
    }

    [Theory]
    [MemberData(nameof(OrthogonalNames))]
    public void The_split_of_the_layer_Gauss_Newton_has_the_predicted_parts(string name)
    {
        (UfmOptimum optimum, DenseModel model, double[] point) = Solve(name);
        int classes = optimum.Setting.Classes;
        Assert.Empty(UfmPapyanSplit.WithinClass(optimum));

        for (int layer = 1; layer <= optimum.Setting.Depth; layer++)
        {
            double[,] rows = model.Jacobian(point, model.Weight(layer));
            double[,] means = ClassMeans(rows, classes, optimum.Setting.PerClass);
            double[,] within = Deviations(rows, means, optimum.Setting);
            Assert.All(Spectrum.Eigenvalues(within), value => Assert.Equal(0, value, Rounding));
            AssertNonZero(UfmPapyanSplit.Class(optimum), Part(means, classes, isClass: true));
            AssertNonZero(UfmPapyanSplit.CrossClass(optimum), Part(means, classes, isClass: false));
        }
    }

    [Fact]
    public void Above_the_spinodal_every_spectrum_is_the_zero_solutions()
    {
        UfmSetting setting = UfmCases.Mse(3, 4, 6, 3, 1, 1);
        UfmOptimum optimum = UfmOptimum.Solve(setting);

        Assert.False(optimum.Exists);
        Assert.Empty(UfmSpectra.WeightSingularValues(optimum));
        Assert.Empty(UfmSpectra.GradientSingularValues(optimum));
        Assert.Equal([new PredictedGroup(0, 6)], UfmSpectra.FeatureSecondMoment(optimum, 2));
        Assert.Equal([new PredictedGroup(0, 18)], UfmSpectra.LayerHessian(optimum, 3));
        Assert.Equal([new PredictedGroup(0, 90)], UfmSpectra.GaussNewtonOfWeights(optimum));
        Assert.Equal([new PredictedGroup(1, 90)], UfmSpectra.FullHessian(optimum));
        Assert.Equal([new PredictedGroup(1, 162)], UfmSpectra.FullHessianWithFeatures(optimum));
        Assert.Equal([new PredictedGroup(1, 72)], UfmSpectra.FeatureHessian(optimum));
        Assert.Throws<ArgumentException>(() => UfmSpectra.GradientCoefficients(optimum));
        Assert.Throws<ArgumentException>(() => UfmPapyanSplit.Class(optimum));
    }

    [Fact]
    public void Layers_that_do_not_exist_and_settings_without_a_frame_are_refused()
    {
        UfmOptimum optimum = UfmOptimum.Solve(UfmCases.Named("ce, two classes"));

        Assert.Throws<ArgumentOutOfRangeException>(() => UfmSpectra.LayerHessian(optimum, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => UfmSpectra.FeatureCovariance(optimum, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => UfmSpectra.BalanceRatio(optimum, 4));
        Assert.Throws<ArgumentException>(() => UfmSpectra.GradientCoefficients(optimum));
        Assert.Throws<ArgumentException>(() => UfmPapyanSplit.CrossClass(optimum));
    }

    private static (UfmOptimum Optimum, DenseModel Model, double[] Point) Solve(string name)
    {
        UfmOptimum optimum = UfmOptimum.Solve(UfmCases.Named(name));
        return (optimum, new DenseModel(optimum.Setting), CollapsedPoint.Of(optimum));
    }

    private static double[,] Moment(double[,] columns, bool isCentred)
    {
        int size = columns.GetLength(0);
        int samples = columns.GetLength(1);
        double[] mean = new double[size];
        for (int i = 0; isCentred && i < size * samples; i++)
            mean[i / samples] += columns[i / samples, i % samples] / samples;
        double[,] moment = new double[size, size];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
            {
                for (int k = 0; k < samples; k++)
                    moment[i, j] += (columns[i, k] - mean[i]) * (columns[j, k] - mean[j]) / samples;
            }
        }
        return moment;
    }

    /// <summary>MᵀM of a matrix given row by row.</summary>
    private static double[,] Gram(double[] entries, int columns)
    {
        double[,] gram = new double[columns, columns];
        for (int row = 0; row < entries.Length; row += columns)
        {
            for (int i = 0; i < columns; i++)
            {
                for (int j = 0; j < columns; j++)
                    gram[i, j] += entries[row + i] * entries[row + j];
            }
        }
        return gram;
    }

    /// <summary>MMᵀ of a matrix given row by row.</summary>
    private static double[,] OuterGram(double[] entries, int columns)
    {
        int rows = entries.Length / columns;
        double[,] gram = new double[rows, rows];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < rows; j++)
            {
                for (int k = 0; k < columns; k++)
                    gram[i, j] += entries[(i * columns) + k] * entries[(j * columns) + k];
            }
        }
        return gram;
    }

    private static void AssertSquares(IReadOnlyList<PredictedGroup> singularValues, double[,] gram, double scale) =>
        AssertNonZero(singularValues.Select(group => group with { Value = group.Value * group.Value }).ToArray(), gram, scale);

    private static void AssertNonZero(IReadOnlyList<PredictedGroup> predicted, double[,] matrix, double scale = 0)
    {
        long zeros = matrix.GetLength(0) - predicted.Sum(group => group.Count);
        Spectrum.AssertComplete(zeros == 0 ? predicted : [.. predicted, new PredictedGroup(0, zeros)], matrix, scale);
    }

    /// <summary>⟨g, m̂_c ⊗ μ̂_c'⟩² / ‖g‖² for all pairs; m the class means of the layer's output.</summary>
    private static double[] SquaredCoefficients(DenseModel model, double[] point, double[] gradient, int layer, UfmSetting setting)
    {
        double[,] input = Unit(model.LayerInput(point, layer), setting);
        double[,] output = Unit(Times(point[model.Weight(layer)], model.LayerInput(point, layer)), setting);
        double[] coefficients = new double[setting.Classes * setting.Classes];
        for (int pair = 0; pair < coefficients.Length; pair++)
        {
            double product = 0;
            for (int i = 0; i < gradient.Length; i++)
                product += gradient[i] * output[i / setting.Width, pair / setting.Classes] * input[i % setting.Width, pair % setting.Classes];
            coefficients[pair] = product * product / gradient.Sum(entry => entry * entry);
        }
        return coefficients;
    }

    /// <summary>The first sample of every class as a unit column.</summary>
    private static double[,] Unit(double[,] features, UfmSetting setting)
    {
        int size = features.GetLength(0);
        double[,] unit = new double[size, setting.Classes];
        for (int c = 0; c < setting.Classes; c++)
        {
            int sample = c * setting.PerClass;
            double norm = Math.Sqrt(Enumerable.Range(0, size).Sum(row => features[row, sample] * features[row, sample]));
            for (int i = 0; i < size; i++)
                unit[i, c] = features[i, sample] / norm;
        }
        return unit;
    }

    private static double[,] Times(double[] weight, double[,] input)
    {
        int width = input.GetLength(0);
        double[,] output = new double[weight.Length / width, input.GetLength(1)];
        for (int i = 0; i < weight.Length; i++)
        {
            for (int sample = 0; sample < input.GetLength(1); sample++)
                output[i / width, sample] += weight[i] * input[i % width, sample];
        }
        return output;
    }

    /// <summary>Row (c, c'): the mean of g_{i,c'} over the samples of class c.</summary>
    private static double[,] ClassMeans(double[,] rows, int classes, int perClass)
    {
        double[,] means = new double[classes * classes, rows.GetLength(1)];
        for (int row = 0; row < rows.GetLength(0); row++)
        {
            int target = (row / classes / perClass * classes) + (row % classes);
            for (int j = 0; j < rows.GetLength(1); j++)
                means[target, j] += rows[row, j] / perClass;
        }
        return means;
    }

    /// <summary>Sum of squared deviations of the rows from their class means.</summary>
    private static double[,] Deviations(double[,] rows, double[,] means, UfmSetting setting)
    {
        int classes = setting.Classes;
        double[,] deviations = (double[,])rows.Clone();
        for (int row = 0; row < rows.GetLength(0); row++)
        {
            int target = (row / classes / setting.PerClass * classes) + (row % classes);
            for (int j = 0; j < rows.GetLength(1); j++)
                deviations[row, j] -= means[target, j];
        }
        return Gram(deviations.Cast<double>().ToArray(), rows.GetLength(1));
    }

    private static double[,] Part(double[,] means, int classes, bool isClass)
    {
        int size = means.GetLength(1);
        double[,] part = new double[size, size];
        for (int row = 0; row < classes * classes; row++)
        {
            if (row / classes == row % classes != isClass)
                continue;
            for (int i = 0; i < size * size; i++)
                part[i / size, i % size] += means[row, i / size] * means[row, i % size] / classes;
        }
        return part;
    }
}
