using System.Globalization;
using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Kernels;
using Eigenscope.Learning.Losses;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Experiments.Recipes;

/// <summary>Turns the options of <c>deep-rfm</c> into a plan. All faults of the options are reported at once, before any data is read.</summary>
internal static class DeepRfmRecipe
{
    private const int LargestDepth = 1000;
    private const double UsualCauchyScale = 0.05;

    /// <summary>γ as it is used; null with features that have none.</summary>
    public static double? CauchyScale(DeepRfmRunOptions options) => options.Features is "cosine" ? options.CauchyScale ?? UsualCauchyScale : null;

    /// <summary>Checks what can be checked without the data.</summary>
    /// <exception cref="UsageException">Something is wrong; the message lists everything that is.</exception>
    public static void Validate(DeepRfmRunOptions options, RunSettings settings)
    {
        OptionFaults faults = new();
        faults.RequireOneOf("--features", options.Features, "relu", "cosine");
        faults.Require(options.Samples is null or >= 1, "--samples", "at least 1", options.Samples);
        faults.Require(options.TestFraction is >= 0.0 and < 1.0, "--test-fraction", "a number in [0, 1)", options.TestFraction);
        faults.Require(options.Layers >= 1, "--layers", "at least 1", options.Layers);
        faults.Require(options.Layers <= LargestDepth, "--layers", string.Create(CultureInfo.InvariantCulture, $"at most {LargestDepth}"), options.Layers);
        faults.Require(options.Width >= 1, "--width", "at least 1", options.Width);
        faults.Require(options.Width <= LargestMatrix, "--width", string.Create(CultureInfo.InvariantCulture, $"at most {LargestMatrix}, whose average gradient outer product an array holds"), options.Width);
        faults.Require(options.CauchyScale is null || (options.CauchyScale > 0.0 && double.IsFinite(options.CauchyScale.Value)), "--cauchy-scale", "a positive finite number", options.CauchyScale);
        faults.Require(options.Features is "cosine" || options.CauchyScale is null, "--cauchy-scale", "left out: it is of --features cosine", options.CauchyScale);
        faults.Require(options.RfmIterations >= 1, "--rfm-iterations", "at least 1", options.RfmIterations);
        KernelRecipe.Check(faults, options.Machine);
        KernelRecipe.CheckPrecision(faults, settings.Precision);
        faults.Add(RunSettingsCheck.Faults(settings));
        faults.ThrowIfAny();
    }

    private static int LargestMatrix => (int)Math.Sqrt(Array.MaxLength);

    /// <summary>Reads the data and fixes everything that depends on it.</summary>
    /// <exception cref="UsageException">An option is wrong, or the data cannot be used.</exception>
    public static DeepRfmPlan Resolve(DeepRfmRunOptions options, RunSettings settings, RandomStream random, IProgress<RunProgress>? progress = null, CancellationToken cancellation = default)
    {
        Validate(options, settings);
        LabelledData source = new() { Data = options.Data, Samples = options.Samples, TestFraction = options.TestFraction, Purpose = "collapse is measured between classes" };
        (DataSplit data, double? testFraction) = source.Load(settings, random.Split("data"), progress, cancellation);
        int tested = data.Test?.SampleCount ?? 0;
        KernelData.RequireSize(options.Data, data.Train.SampleCount, tested, data.Train.Dimension);
        KernelRecipe.RequireMemory(options.Machine, data.Train.SampleCount, settings);
        KernelData.RequireWidth(options.Width, Math.Max(data.Train.SampleCount, tested));
        Standardization? scaling = options.Standardize ? Standardization.Of(data.Train.Inputs, KernelData.Standardization) : null;
        if (scaling is not null)
            data = data.Standardized(KernelData.Standardization);
        return new DeepRfmPlan
        {
            Options = options,
            Data = data,
            Inputs = KernelData.Flat(data.Train.Inputs),
            Targets = KernelData.Coded(data.Train, TargetCoding.PlusMinusOne),
            TestInputs = data.Test is { } test ? KernelData.Flat(test.Inputs) : null,
            TestFraction = testFraction,
            Scaling = scaling,
            DeepRfm = new DeepRfmOptions
            {
                Layers = options.Layers,
                Features = options.Features is "cosine" ? FeatureMapKind.Cosine : FeatureMapKind.Relu,
                Width = options.Width,
                CauchyScale = CauchyScale(options) ?? UsualCauchyScale,
                Fits = options.RfmIterations,
                Rfm = KernelRecipe.Rfm(options.Machine, iterations: 0),
            },
        };
    }
}
