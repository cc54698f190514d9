using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Data;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Experiments.Recipes;

/// <summary>Turns the options of <c>rfm</c> into a plan. All faults of the options are reported at once, before any data is read.</summary>
internal static class RfmRecipe
{
    private static readonly RfmRunOptions Standard = new();

    /// <summary>Checks what can be checked without the data.</summary>
    /// <exception cref="UsageException">Something is wrong; the message lists everything that is.</exception>
    public static void Validate(RfmRunOptions options, RunSettings settings)
    {
        OptionFaults faults = new();
        faults.RequireOneOf("--targets", options.Targets, "one-hot", "plus-minus-one");
        faults.Require(!options.Regression || options.Targets == Standard.Targets, "--targets", "left out: with --regression the targets are the data's", options.Targets);
        faults.Require(options.Samples is null or >= 1, "--samples", "at least 1", options.Samples);
        faults.Require(options.TestSamples is null or >= 1, "--test-samples", "at least 1", options.TestSamples);
        faults.Require(options.TestFraction is null or (>= 0.0 and < 1.0), "--test-fraction", "a number in [0, 1)", options.TestFraction);
        faults.Require(options.ValidationFraction is >= 0.0 and < 1.0, "--validation-fraction", "a number in [0, 1)", options.ValidationFraction);
        faults.Require(options.Patience is null or >= 1, "--patience", "at least 1", options.Patience);
        faults.Require(options.Patience is null || options.ValidationFraction > 0.0, "--patience", "left out: it waits for the validation error, and --validation-fraction sets no samples aside", options.Patience);
        faults.Require(options.Iterations >= 0, "--iterations", "at least 0", options.Iterations);
        KernelRecipe.Check(faults, options.Machine);
        KernelRecipe.CheckPrecision(faults, settings.Precision);
        if (options.Load is not null)
            faults.Add(OfFitting(options).Select(static option => $"{option} must be left out: with --load nothing is fitted"));
        faults.Add(RunSettingsCheck.Faults(settings));
        faults.ThrowIfAny();
    }

    /// <summary>Reads the data and fixes everything that depends on it.</summary>
    /// <exception cref="UsageException">An option is wrong, or the data cannot be used.</exception>
    public static RfmPlan Resolve(RfmRunOptions options, RunSettings settings, RandomStream random, IProgress<RunProgress>? progress = null, CancellationToken cancellation = default)
    {
        Validate(options, settings);
        RfmParts parts = new RfmSource(options, random).Load(settings, progress, cancellation);
        KernelData.RequireSize(options.Data, parts.Train.Targets.Rows, Math.Max(parts.Validation?.Targets.Rows ?? 0, parts.Test?.Targets.Rows ?? 0), parts.Train.Inputs.Columns);
        KernelRecipe.RequireMemory(options.Machine, parts.Train.Targets.Rows, settings);
        Standardization? scaling = options.Standardize ? Standardization.Of(parts.Train.Inputs, KernelData.Standardization) : null;
        string how = scaling is null ? "" : $"; {Standardization.Describe(parts.Train.Inputs, KernelData.Standardization)}";
        RfmParts scaled = scaling is null ? parts : parts.Scaled(scaling);
        return new RfmPlan
        {
            Options = options,
            Name = scaled.Train.Name,
            Source = scaled.Train.Source + how,
            Train = scaled.Train.Data,
            Validation = scaled.Validation?.Data,
            Test = scaled.Test?.Data,
            Classes = scaled.Classes,
            SampleShape = scaled.Train.Inputs.Shape[1..].ToArray(),
            TestFraction = parts.TestFraction,
            Scaling = scaling,
            Rfm = KernelRecipe.Rfm(options.Machine, options.Iterations, options.Patience),
        };
    }

    // What has been given a value and acts on a fit alone.
    private static IEnumerable<string> OfFitting(RfmRunOptions options)
    {
        KernelMachineOptions machine = options.Machine, standard = Standard.Machine;
        (string Option, bool IsGiven)[] all =
        [
            ("--samples", options.Samples is not null), ("--test-fraction", options.TestFraction is not null), ("--validation-fraction", options.ValidationFraction != Standard.ValidationFraction),
            ("--patience", options.Patience is not null), ("--standardize", options.Standardize), ("--iterations", options.Iterations != Standard.Iterations),
            ("--kernel", machine.Kernel != standard.Kernel), ("--bandwidth", machine.Bandwidth is not null), ("--power", machine.Power is not null), ("--ridge", machine.Ridge != standard.Ridge),
            ("--metric", machine.Metric != standard.Metric), ("--agop-exponent", machine.AgopExponent != standard.AgopExponent), ("--agop-centred", machine.AgopCentred),
            ("--agop-scaling", machine.AgopScaling != standard.AgopScaling), ("--memory", machine.Memory is not null),
        ];
        return all.Where(static entry => entry.IsGiven).Select(static entry => entry.Option);
    }
}
