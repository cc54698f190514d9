using Eigenscope.Analysis.Spectra;
using Eigenscope.Analysis.Tests.Support;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Tests.Spectra;

public sealed class ConvolutionClassMeansTests
{
    private const double Units = 2000.0;
    private const int Classes = 3;

    [Theory]
    [InlineData("conv1")]
    [InlineData("stage2.0.conv1")]
    public void Rows_at_the_class_means_are_sums_over_positions_of_patches(string name)
    {
        Linearization linearization = Problem(9);
        (int index, ConvolutionLayer layer) = Find(linearization, name);
        int[] labels = Labels(9);
        LayerClassMeans means = Measure(linearization, index, labels);

        Tensor<double> rows = means.WeightRows(layer, TestCompute.Instance);

        double[][] inputs = Textbook.ClassMeans(Textbook.Rows(linearization.LayerInput(index)), labels, Classes);
        for (int c = 0; c < Classes; c++)
        {
            for (int j = 0; j < inputs[c].Length; j++)
                Near.Equal(inputs[c][j], means.Features[c, j], Units, 1.0);
            for (int k = 0; k < Classes; k++)
            {
                double[] jacobian = means.Jacobians.Row(c).Slice(k * layer.OutputSize, layer.OutputSize).ToArray();
                double[] expected = WeightGradient(layer.Shape, inputs[c], jacobian);
                for (int entry = 0; entry < expected.Length; entry++)
                    Near.Equal(expected[entry], rows.Row(c)[(k * expected.Length) + entry], Units, 1.0);
            }
        }
    }

    // With one sample a class the means are the samples: the prediction's matrix is the layer's Gauss–Newton matrix.
    [Theory]
    [InlineData("conv1")]
    [InlineData("stage2.0.conv1")]
    [InlineData("stage2.0.shortcut")]
    public void With_one_sample_a_class_nothing_is_lost(string name)
    {
        Linearization linearization = Problem(Classes);
        (int index, ConvolutionLayer layer) = Find(linearization, name);
        LayerClassMeans means = Measure(linearization, index, Labels(Classes));
        Tensor<double> rows = means.WeightRows(layer, TestCompute.Instance);
        int length = layer.Weight.Length;
        double[] unit = new double[length], column = new double[length];
        double trace = 0.0;
        double scale = 0.0;
        for (int j = 0; j < length; j += 3)
        {
            Array.Clear(unit);
            unit[j] = 1.0;
            linearization.GaussNewton(layer.Weight.Name).Apply(unit, column);
            scale = Math.Max(scale, column.Max(Math.Abs));
        }
        for (int j = 0; j < length; j++)
        {
            Array.Clear(unit);
            unit[j] = 1.0;
            linearization.GaussNewton(layer.Weight.Name).Apply(unit, column);
            trace += column[j];
            for (int i = 0; i < length; i += 5)
                Near.Equal(Predicted(means, rows, i, j), column[i], Units, scale);
        }
        Near.Equal(trace, means.GaussNewtonTrace, Units);
    }

    [Fact]
    public void Jacobians_are_means_over_the_samples_of_a_class_in_every_layer_at_once()
    {
        Linearization linearization = Problem(9);
        int[] labels = Labels(9);
        IReadOnlyList<BilinearLayer> layers = linearization.Objective.Network.WeightLayers;
        int[] order = [.. Enumerable.Range(0, layers.Count).OrderBy(static l => l % 3)];
        Assert.Contains(layers, layer => layer.Name == "stage2.0.shortcut");
        IReadOnlyList<Tensor<double>> all = linearization.MeanOutputJacobians(order, labels, Classes);
        for (int position = 0; position < layers.Count; position++)
        {
            int columns = layers[order[position]].OutputSize;
            double[,] sums = new double[Classes, Classes * columns];
            linearization.VisitOutputJacobians(order[position], (first, jacobians) =>
            {
                for (int row = 0; row < jacobians.Rows; row++)
                    for (int j = 0; j < columns; j++)
                        sums[labels[first + (row / Classes)], (row % Classes * columns) + j] += jacobians[row, j] / 3.0;
            });
            for (int c = 0; c < Classes; c++)
                for (int j = 0; j < Classes * columns; j++)
                    Near.Equal(sums[c, j], all[position].Row(c)[j], Units, 1.0);
        }
    }

    [Fact]
    public void Groups_that_do_not_fit_are_refused()
    {
        Linearization linearization = Problem(9);
        Assert.Throws<ArgumentException>(() => linearization.MeanLayerInputs(0, new int[9], 2));
        Assert.Throws<ArgumentException>(() => linearization.MeanLayerInputs(0, new int[8], 1));
        Assert.Throws<ArgumentException>(() => linearization.MeanOutputJacobians([0], [3, 0, 1, 2, 0, 1, 2, 0, 1], 3));
        Assert.Throws<ArgumentException>(() => linearization.MeanOutputJacobians([], Labels(9), 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => linearization.MeanOutputJacobians([99], Labels(9), 3));
        Assert.Throws<ArgumentException>(() => LayerClassMeans.MeasureStreamed(linearization, [0], Labels(9), Classes, [], TestCompute.Instance));
        Assert.Throws<ArgumentException>(() => LayerClassMeans.Measure(linearization, 0, Labels(9), Classes, TestCompute.Instance));
    }

    private static LayerClassMeans Measure(Linearization linearization, int index, int[] labels)
    {
        string weight = linearization.Objective.Network.WeightLayers[index].Weight.Name;
        return LayerClassMeans.MeasureStreamed(linearization, [index], labels, Classes, GaussNewtonTraces.Measure(linearization, [weight], TestCompute.Instance, new RandomStream(1)), TestCompute.Instance)[0];
    }

    private static double Predicted(LayerClassMeans means, Tensor<double> rows, int i, int j)
    {
        int length = rows.Shape[2];
        double sum = 0.0;
        for (int c = 0; c < Classes; c++)
            for (int k = 0; k < Classes; k++)
                for (int l = 0; l < Classes; l++)
                    sum += means.Shares[c] * rows.Row(c)[(k * length) + i] * means.LossHessians.Row(c)[(k * Classes) + l] * rows.Row(c)[(l * length) + j];
        return sum;
    }

    // W[o, a, b, c] gathers B[position, o] x[position · stride + (a, b) − padding, c].
    private static double[] WeightGradient(ConvolutionShape shape, double[] x, double[] cotangent)
    {
        double[] gradient = new double[shape.OutputChannels * shape.PatchSize];
        for (int i = 0; i < shape.Output.Height; i++)
            for (int j = 0; j < shape.Output.Width; j++)
                for (int o = 0; o < shape.OutputChannels; o++)
                    for (int a = 0; a < shape.KernelHeight; a++)
                        for (int b = 0; b < shape.KernelWidth; b++)
                            for (int c = 0; c < shape.Input.Channels; c++)
                            {
                                (int row, int column) = ((i * shape.StrideHeight) + a - shape.PaddingTop, (j * shape.StrideWidth) + b - shape.PaddingLeft);
                                if (row < 0 || row >= shape.Input.Height || column < 0 || column >= shape.Input.Width)
                                    continue;
                                double value = x[(((row * shape.Input.Width) + column) * shape.Input.Channels) + c];
                                gradient[(o * shape.PatchSize) + (((a * shape.KernelWidth) + b) * shape.Input.Channels) + c] += value * cotangent[(((i * shape.Output.Width) + j) * shape.OutputChannels) + o];
                            }
        return gradient;
    }

    private static int[] Labels(int count) => [.. Enumerable.Range(0, count).Select(static i => i % Classes)];

    private static (int Index, ConvolutionLayer Layer) Find(Linearization linearization, string name)
    {
        IReadOnlyList<BilinearLayer> layers = linearization.Objective.Network.WeightLayers;
        int index = Enumerable.Range(0, layers.Count).First(l => layers[l].Name == name);
        return (index, (ConvolutionLayer)layers[index]);
    }

    private static Linearization Problem(int count)
    {
        Network network = Network.ForImages(new ImageModelOptions { Model = ImageModel.ResNet8, SampleShape = [2, 5, 5], Classes = Classes, Channels = 2, Activation = Activation.Tanh });
        double[] state = network.Initialize(new InitializationOptions(), new RandomStream(4));
        Tensor<double> inputs = new(count, 50);
        new RandomStream(5).FillNormal(inputs.Span, 1.0);
        return Objective.Create(network, inputs, Labels(count), new CrossEntropy(), TestCompute.Instance, new ObjectiveOptions { SliceRows = 4 }).Linearize(state);
    }
}
