using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Tests.Derivatives;

/// <summary>
/// The library's convolutional classifiers, with few channels and otherwise whole, against descriptions written from the papers. Of the larger models' dense matrices some columns are compared, and products
/// with random directions, to which every column contributes. A model joins by a line in <see cref="Models"/>.
/// </summary>
public sealed class ImageModelDerivativeTests
{
    private const double DoubleTolerance = 1e-12;
    private const double SingleTolerance = 1e-4;
    private const double LeastCurvature = 0.05;
    private const int Samples = 5;
    private const int Classes = 3;
    private const int RandomDirections = 4;
    private static readonly ImageShape Image = new(2, 6, 6);

    private static readonly (ImageModel Model, Activation Activation, int HeadDepth, int MostColumns, Action<INetworkDescription> Describe)[] Models =
    [
        (ImageModel.ResNet8, Activation.Relu, 1, int.MaxValue, static n => n.Dense(n.GlobalAveragePool(Stages(n, Activation.Relu, stages: 3, blocks: 1)), Classes)),
        (ImageModel.ResNet8, Activation.Gelu, 3, 60, static n => Head(n, n.GlobalAveragePool(Stages(n, Activation.Gelu, stages: 3, blocks: 1)))),
        (ImageModel.ResNet20, Activation.Relu, 1, 60, static n => n.Dense(n.GlobalAveragePool(Stages(n, Activation.Relu, stages: 3, blocks: 3)), Classes)),
        (ImageModel.ResNet18, Activation.Relu, 1, 40, static n => n.Dense(n.GlobalAveragePool(Stages(n, Activation.Relu, stages: 4, blocks: 2)), Classes)),
        (ImageModel.Vgg11, Activation.Gelu, 1, 40, static n => n.Dense(n.GlobalAveragePool(Vgg(n, Activation.Gelu)), Classes)),
    ];

    public static TheoryData<int> Cases() => [.. Enumerable.Range(0, Models.Length)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Products_equal_those_of_the_reference(int index)
    {
        NetworkProblem problem = Problem(index);
        Assert.Equal((problem.Reference.ParameterCount, problem.Reference.StateLength), (problem.Network.ParameterCount, problem.Network.StateLength));
        Tensor<double> directions = Directions(problem.Network.ParameterCount, Models[index].MostColumns);
        Tensor<double> hessian = Reference(directions, problem.ReferenceHessianProduct);
        Tensor<double> gaussNewton = Reference(directions, problem.ReferenceGaussNewtonProduct);
        Assert.True(RelativeDistance(gaussNewton, hessian) > LeastCurvature, "the case is too easy: the Hessian is nearly its Gauss–Newton part");
        foreach ((Precision precision, int slice, double tolerance) in new[] { (Precision.Float64, 100, DoubleTolerance), (Precision.Float64, 2, DoubleTolerance), (Precision.Float32, 2, SingleTolerance) })
        {
            Linearization linearization = problem.Linearize(2, new ObjectiveOptions { SliceRows = slice, Precision = precision });
            Assert.InRange(RelativeDistance(Products(linearization.Hessian(), directions), hessian), 0.0, tolerance);
            Assert.InRange(RelativeDistance(Products(linearization.GaussNewton(), directions), gaussNewton), 0.0, tolerance);
        }
    }

    private static NetworkProblem Problem(int index)
    {
        (ImageModel model, Activation activation, int depth, _, Action<INetworkDescription> describe) = Models[index];
        Network network = Network.ForImages(new ImageModelOptions
        {
            Model = model,
            SampleShape = [Image.Channels, Image.Height, Image.Width],
            Classes = Classes,
            Channels = 1,
            Activation = activation,
            Head = new HeadOptions { Depth = depth, Width = 4 },
        });
        return new NetworkProblem(model.ToString(), network, Image, describe, "cross-entropy", Samples);
    }

    // Unit vectors at equal distances, all where there are few, and random ones.
    private static Tensor<double> Directions(int parameters, int mostColumns)
    {
        int columns = Math.Min(parameters, mostColumns);
        RandomStream random = new(20240608);
        Tensor<double> directions = new(columns + RandomDirections, parameters);
        for (int i = 0; i < columns; i++)
            directions[i, (int)((long)i * parameters / columns)] = 1.0;
        for (int i = columns; i < columns + RandomDirections; i++)
            random.FillNormal(directions.Row(i));
        return directions;
    }

    private static Tensor<double> Reference(Tensor<double> directions, Func<double[], double[]> product)
    {
        Tensor<double> result = new(directions.Rows, directions.Columns);
        for (int i = 0; i < directions.Rows; i++)
            product(directions.Row(i).ToArray()).CopyTo(result.Row(i));
        return result;
    }

    private static Tensor<double> Products(LinearOperator op, Tensor<double> directions)
    {
        Tensor<double> result = new(directions.Rows, directions.Columns);
        op.Apply(directions.AsMatrix(), result.AsMatrix());
        return result;
    }

    // Unit vectors and random ones apart, so that the former are not lost beside the latter.
    private static double RelativeDistance(Tensor<double> measured, Tensor<double> expected)
    {
        int columns = (expected.Rows - RandomDirections) * expected.Columns;
        return Math.Max(RelativeDistance(measured.Span[..columns], expected.Span[..columns]), RelativeDistance(measured.Span[columns..], expected.Span[columns..]));
    }

    private static double RelativeDistance(ReadOnlySpan<double> measured, ReadOnlySpan<double> expected)
    {
        double squares = 0.0;
        double scale = 0.0;
        for (int i = 0; i < expected.Length; i++)
        {
            squares += (measured[i] - expected[i]) * (measured[i] - expected[i]);
            scale += expected[i] * expected[i];
        }
        return Math.Sqrt(squares / scale);
    }

    private static int Unit(INetworkDescription n, int source, int channels, int kernel = 3, int stride = 1) =>
        n.BatchNorm(n.Convolution(source, channels, kernel, stride, kernel / 2, bias: false));

    // He et al. (1512.03385, section 4.2): channels double and the image halves from stage to stage.
    private static int Stages(INetworkDescription n, Activation activation, int stages, int blocks)
    {
        int result = n.Activation(Unit(n, n.Input, 1), activation);
        for (int stage = 0; stage < stages; stage++)
        {
            for (int block = 0; block < blocks; block++)
            {
                int channels = 1 << stage;
                bool changes = stage > 0 && block == 0;
                int branch = n.Activation(Unit(n, result, channels, stride: changes ? 2 : 1), activation);
                branch = Unit(n, branch, channels);
                int shortcut = changes ? Unit(n, result, channels, kernel: 1, stride: 2) : result;
                result = n.Activation(n.Sum(shortcut, branch), activation);
            }
        }
        return result;
    }

    // Simonyan and Zisserman (1409.1556, configuration A). An image of 6 × 6 can be halved twice.
    private static int Vgg(INetworkDescription n, Activation activation)
    {
        int result = n.Input;
        foreach (int channels in new[] { 1, 2 })
            result = n.MaxPool(n.Activation(Unit(n, result, channels), activation), 2, 2);
        foreach (int channels in new[] { 4, 4, 8, 8, 8, 8 })
            result = n.Activation(Unit(n, result, channels), activation);
        return result;
    }

    private static int Head(INetworkDescription n, int features)
    {
        int hidden = n.Activation(n.Dense(features, 4, bias: false), Activation.Relu);
        hidden = n.Activation(n.Dense(hidden, 4, bias: false), Activation.Relu);
        return n.Dense(hidden, Classes, bias: false);
    }
}
