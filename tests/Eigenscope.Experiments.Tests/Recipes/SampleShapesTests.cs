using Eigenscope.Experiments.Recipes;
using Eigenscope.Learning.Data;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Tests.Recipes;

/// <summary>Samples of one shape for a network of another: taken where the order of the numbers is beyond doubt, refused with what to do where it is not.</summary>
public sealed class SampleShapesTests
{
    [Theory]
    [InlineData("3,4,5", "3,4,5")]
    [InlineData("20", "4,5")]
    [InlineData("4,5", "20")]
    [InlineData("4,5", "1,4,5")]
    [InlineData("4,5,1", "1,4,5")]
    [InlineData("1,4,5", "20")]
    [InlineData("20", "1,4,5")]
    public void Numbers_stay_in_their_order(string given, string wanted)
    {
        GivenSamples data = Samples(given);
        (Tensor<double> inputs, string? note) = SampleShapes.Fit(data, Parse(wanted), "--data x");
        Assert.Same(data.Inputs.Storage, inputs.Storage);
        Assert.Equal([2, .. Parse(wanted)], inputs.Shape.ToArray());
        Assert.Equal(given == wanted, note is null);
    }

    [Theory]
    [InlineData("4,5,3", "3,4,5", "channels stand last, and the model wants them first; save x.transpose(0, 3, 1, 2)")]
    [InlineData("3,4,5", "4,5,3", "channels stand first, and the model wants them last; save x.transpose(0, 2, 3, 1)")]
    [InlineData("3,4,5", "60", "another arrangement")]
    [InlineData("60", "3,4,5", "another arrangement")]
    [InlineData("5,4", "4,5", "another arrangement")]
    [InlineData("3,4", "3,5", "15 numbers were expected for each sample, got 12")]
    public void What_could_be_taken_in_two_orders_is_refused(string given, string wanted, string problem)
    {
        string message = Assert.Throws<UsageException>(() => SampleShapes.Fit(Samples(given), Parse(wanted), "--data x")).Message;
        Assert.StartsWith("--data x: the model takes samples of shape", message, StringComparison.Ordinal);
        Assert.Contains(problem, message, StringComparison.Ordinal);
    }

    private static GivenSamples Samples(string shape) => new() { Name = "x", Source = "x", LabelSubject = "x", Labels = [0, 1], Targets = null, Inputs = new Tensor<double>([2, .. Parse(shape)]) };

    private static int[] Parse(string shape) => [.. shape.Split(',').Select(int.Parse)];
}
