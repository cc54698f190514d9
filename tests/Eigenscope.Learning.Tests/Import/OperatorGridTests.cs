using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Import;
using Eigenscope.Learning.Losses;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Tests.Import;

/// <summary>Operators over a grid of their attributes and versions: outputs and gradients in the input beside PyTorch's.</summary>
public sealed class OperatorGridTests
{
    // An attribute is float32 in the file, the reference has it exactly.
    private const double Tolerance = 1e-6;

    private static readonly Lazy<Dictionary<string, OperatorReference>> Cases = new(static () => ReferenceData.Families.SelectMany(ReferenceData.Operators).ToDictionary(static entry => entry.Name, StringComparer.Ordinal));

    public static TheoryData<string> Names() => [.. Cases.Value.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Output_and_gradient_are_those_of_PyTorch(string name)
    {
        OperatorReference reference = Cases.Value[name];
        ImportedModel model = ReferenceData.Import(reference);
        Assert.Equal(reference.InputShape, model.InputShape);
        Assert.Equal(reference.Outputs, model.Network.OutputSize);
        using Linearization point = Linearize(model, new Tensor<double>(reference.X, reference.Samples, reference.X.Length / reference.Samples));
        Close(reference.Y, point.Logits().Storage, "output");
        Close(reference.Gradient, InputGradient(model, point, reference), "gradient");
    }

    private static Linearization Linearize(ImportedModel model, Tensor<double> x) =>
        Objective.Create(model.Network, x, new int[x.Rows], new MeanSquaredError(), TestCompute.Single, new ObjectiveOptions()).Linearize(model.State);

    /// <summary>Σ c·y pulled back to what the first layer reads, which is the input in the layer's own order: the order in which a ramp arrives there.</summary>
    private static double[] InputGradient(ImportedModel model, Linearization point, OperatorReference reference)
    {
        int size = model.Network.InputSize;
        int[] order = Order(model, size);
        double[] gradient = new double[reference.Samples * size];
        point.VisitInputJacobians(0, (first, jacobians) =>
        {
            for (int row = 0; row < jacobians.Rows; row++)
            {
                int sample = first + (row / reference.Outputs);
                double weight = reference.C[(first * reference.Outputs) + row];
                for (int i = 0; i < size; i++)
                    gradient[(sample * size) + order[i]] += weight * jacobians[row, i];
            }
        });
        return gradient;
    }

    private static int[] Order(ImportedModel model, int size)
    {
        double[] ramp = [.. Enumerable.Range(0, size).Select(static i => (double)i)];
        using Linearization point = Linearize(model, new Tensor<double>(ramp, 1, size));
        int[] order = [.. point.LayerInput(0).Storage.Select(static value => (int)value)];
        Assert.Equal(Enumerable.Range(0, size), order.Order());
        return order;
    }

    private static void Close(double[] expected, ReadOnlySpan<double> measured, string what)
    {
        Assert.Equal(expected.Length, measured.Length);
        double scale = Math.Max(1.0, expected.Max(Math.Abs));
        double worst = 0.0;
        for (int i = 0; i < expected.Length; i++)
            worst = Math.Max(worst, double.IsNaN(measured[i]) ? double.PositiveInfinity : Math.Abs(measured[i] - expected[i]));
        Assert.True(worst <= Tolerance * scale, $"{what}: off by {worst:E2}, expected [{string.Join(", ", expected.Take(8))}, …], got [{string.Join(", ", measured[..Math.Min(8, measured.Length)].ToArray())}, …]");
    }
}
