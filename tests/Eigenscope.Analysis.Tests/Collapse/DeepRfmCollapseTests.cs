using Eigenscope.Analysis.Collapse;
using Eigenscope.Analysis.Tests.Support;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Kernels;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;
using Xunit.Abstractions;

namespace Eigenscope.Analysis.Tests.Collapse;

/// <summary>Deep RFM (arXiv 2402.13728) on the digits against numbers computed with independent NumPy code: the first layer, in which nothing is random, to six digits; the others by their trend.</summary>
public sealed class DeepRfmCollapseTests(ITestOutputHelper output)
{
    private const double SixDigits = 1e-5;
    private const int Layers = 10;
    private static readonly Dataset Digits = Standardized();

    [Fact]
    public void The_first_layer_is_that_of_independent_code()
    {
        double[] eigenvalues = [];
        Stage[] first = Run(new DeepRfmOptions { Layers = 1 }, seed: 0, layer => eigenvalues = PositiveSemidefinite.Eigenvalues(layer.Agop.Mean().AsMatrix(), TestCompute.Instance))[0];
        AssertSixDigits([1.67605, 0.0566414, 0.565333, 0.0675696], [first[0].Nc1, first[0].Nc2, first[1].Nc1, first[1].Nc2]);
        AssertSixDigits([5.21421, 4.19950, 3.83625, 3.50091, 3.18625, 2.28203], eigenvalues[..6]);
    }

    [Fact]
    public void Nc1_collapses_by_the_root_of_the_agop_and_not_by_the_features()
    {
        Stage[][] run = Run(new DeepRfmOptions { Layers = Layers }, seed: 0, null);
        for (int l = 0; l < Layers; l++)
        {
            output.WriteLine($"{l + 1}: NC1 {string.Join(' ', run[l].Select(stage => stage.Nc1.ToString("g4")))}; NC2 {string.Join(' ', run[l].Select(stage => stage.Nc2.ToString("g3")))}");
            Assert.True(run[l][1].Nc1 <= 0.8 * run[l][0].Nc1, $"layer {l + 1}: the root of the AGOP leaves {run[l][1].Nc1 / run[l][0].Nc1:g3} of NC1");
            Assert.True(run[l][2].Nc1 >= run[l][1].Nc1, $"layer {l + 1}: the features lower NC1");
        }
        Assert.InRange(Math.Log(run[1][0].Nc1 / run[Layers - 1][0].Nc1) / (Layers - 2), 0.6, 1.2);
    }

    // The published table and its trend are of these features; X itself plateaus, so that only the mapped points are looked at.
    [Fact]
    public void Cosine_features_collapse_after_the_root_of_the_agop()
    {
        Stage[][] run = Run(new DeepRfmOptions { Layers = 5, Features = FeatureMapKind.Cosine, Width = 1024, CauchyScale = 0.05 }, seed: 0, null);
        foreach (Stage[] layer in run)
            output.WriteLine($"NC1 {layer[0].Nc1:g4} {layer[1].Nc1:g4} {layer[2].Nc1:g4}");
        double[] mapped = [.. run.Select(layer => layer[1].Nc1)];
        double[] expected = [0.565, 0.21, 0.055];
        for (int l = 0; l < expected.Length; l++)
            Assert.InRange(mapped[l], expected[l] / 2, expected[l] * 2);
        Assert.True(mapped[4] < 0.02, $"NC1 of the mapped points at layer 5 is {mapped[4]:g3}");
    }

    private static void AssertSixDigits(double[] expected, double[] actual)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.InRange(actual[i], expected[i] * (1 - SixDigits), expected[i] * (1 + SixDigits));
    }

    private static Stage[][] Run(DeepRfmOptions options, ulong seed, Action<DeepRfmLayer>? visit)
    {
        List<Stage[]> layers = [];
        DeepRfm.Fit(Digits.Inputs, Targets(), null, options, TestCompute.Instance, new RandomStream(seed), layer =>
        {
            layers.Add([Measure(layer.Input), Measure(layer.Mapped), Measure(layer.Features)]);
            visit?.Invoke(layer);
        });
        return [.. layers];
    }

    // Pixel by pixel, as flat coordinates: images would be standardised channel by channel.
    private static Dataset Standardized()
    {
        Dataset images = EmbeddedDigits.Load();
        Tensor<double> flat = new(images.Inputs.Storage, images.SampleCount, images.Dimension);
        return new DataSplit(new Dataset(images.Name, images.Source, flat, images.Labels, images.ClassCount), null).Standardized().Train;
    }

    private static Tensor<double> Targets()
    {
        Tensor<double> targets = new(Digits.SampleCount, Digits.ClassCount);
        targets.Span.Fill(-1.0);
        for (int i = 0; i < targets.Rows; i++)
            targets[i, Digits.Labels[i]] = 1.0;
        return targets;
    }

    private static Stage Measure(Tensor<double> features)
    {
        CollapseMetrics metrics = CollapseMetrics.Measure(features.AsMatrix(), Digits.Labels, Digits.ClassCount, TestCompute.Instance);
        return new Stage(metrics.Nc1TraceRatio.Value!.Value, metrics.Nc2SimplexDistance.Value!.Value);
    }

    private sealed record Stage(double Nc1, double Nc2);
}
