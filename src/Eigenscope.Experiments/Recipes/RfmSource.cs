using System.Globalization;
using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Losses;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Experiments.Recipes;

/// <summary>Reads the samples of an <c>rfm</c> run and divides them.</summary>
internal sealed class RfmSource(RfmRunOptions options, RandomStream random)
{
    /// <summary>Share held out for testing where none is given and the data has no test samples of its own.</summary>
    public const double UsualTestFraction = 0.2;

    /// <summary>Reads and divides, unscaled.</summary>
    /// <exception cref="UsageException">The data cannot be used; one line that names it.</exception>
    public RfmParts Load(RunSettings settings, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        RfmParts parts = options.Regression ? LoadTargets(settings) : LoadClasses(settings, progress, cancellation);
        // A machine that is loaded has seen none of it.
        if (options.Load is not null && parts.Test is null)
            parts = parts with { Test = parts.Train };
        if (options.TestSamples is null)
            return parts;
        int available = parts.Test?.Labels?.Length ?? parts.Test?.Targets.Rows ?? 0;
        if (options.TestSamples > available)
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--test-samples must be at most {available}, as many as there are to test on, got {options.TestSamples}"));
        return parts with { Test = Take(parts.Test!, options.TestSamples.Value) };
    }

    private RfmParts LoadClasses(RunSettings settings, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        LabelledData source = new() { Data = options.Data, Samples = options.Samples, TestFraction = options.TestFraction, UsualTestFraction = options.Load is null ? UsualTestFraction : 0.0, Purpose = "a classifier chooses between classes" };
        (DataSplit data, double? fraction) = source.Load(settings, random.Split("data"), progress, cancellation);
        TargetCoding coding = options.Targets is "plus-minus-one" ? TargetCoding.PlusMinusOne : TargetCoding.OneHot;
        RfmPart? test = data.Test is null ? null : RfmPart.Of(data.Test, coding);
        if (options.ValidationFraction == 0.0)
            return new RfmParts(RfmPart.Of(data.Train, coding), null, test, fraction, data.Train.ClassNames);
        DataSplit chosen = LabelledData.Aside(data.Train, options.ValidationFraction, "--validation-fraction", random.Split("validation"));
        return new RfmParts(RfmPart.Of(chosen.Train, coding), RfmPart.Of(chosen.Test!, coding), test, fraction, data.Train.ClassNames);
    }

    private RfmParts LoadTargets(RunSettings settings)
    {
        (RegressionSamples train, RegressionSamples? test) = Read(settings);
        if (options.Samples > train.SampleCount)
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--samples must be at most {train.SampleCount}, as many as {options.Data} has to train on, got {options.Samples}"));
        train = train.Take(options.Samples ?? train.SampleCount);
        if (test is not null && options.TestFraction > 0.0)
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--test-fraction must be left out: {options.Data} comes with {test.SampleCount} test samples of its own, got {options.TestFraction}"));
        double? fraction = test is null ? options.TestFraction ?? (options.Load is null ? UsualTestFraction : 0.0) : null;
        if (fraction is > 0.0)
            (train, test) = Divide(train, fraction.Value, "--test-fraction", random.Split("test split"));
        RegressionSamples? validation = null;
        if (options.ValidationFraction > 0.0)
            (train, validation) = Divide(train, options.ValidationFraction, "--validation-fraction", random.Split("validation"));
        return new RfmParts(RfmPart.Of(train), validation is null ? null : RfmPart.Of(validation), test is null ? null : RfmPart.Of(test), fraction, null);
    }

    private (RegressionSamples Train, RegressionSamples? Test) Read(RunSettings settings)
    {
        try
        {
            return RegressionFiles.Load(options.Data, DataFolders.Locate(settings));
        }
        catch (DataException exception)
        {
            throw new UsageException($"--data {options.Data} with --regression: {exception.Message}", exception);
        }
    }

    private static (RegressionSamples Train, RegressionSamples Test) Divide(RegressionSamples samples, double fraction, string option, RandomStream random)
    {
        try
        {
            return samples.Divide(fraction, random);
        }
        catch (ArgumentOutOfRangeException problem)
        {
            throw new UsageException($"{option}: {problem.Message.Split(" (Parameter", 2)[0]}", problem);
        }
    }

    private static RfmPart Take(RfmPart part, int count)
    {
        int[] shape = part.Inputs.Shape.ToArray();
        shape[0] = count;
        return part with
        {
            Inputs = new(part.Inputs.Span[..(count * part.Inputs.Columns)].ToArray(), shape),
            Targets = new(part.Targets.Span[..(count * part.Targets.Columns)].ToArray(), count, part.Targets.Columns),
            Labels = part.Labels?[..count],
        };
    }
}
