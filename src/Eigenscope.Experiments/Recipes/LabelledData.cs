using System.Globalization;
using Eigenscope.Experiments.DataListing;
using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Data;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Experiments.Recipes;

/// <summary>Labelled samples for a kernel machine: the first ones of a source, as the papers on such machines take them, and a share of each class held out.</summary>
internal sealed record LabelledData
{
    /// <summary>A known name or a path.</summary>
    public required string Data { get; init; }

    /// <summary>The first so many samples; null takes all.</summary>
    public int? Samples { get; init; }

    /// <summary>Share held out; null takes <see cref="UsualTestFraction"/> where the source has no test samples of its own.</summary>
    public double? TestFraction { get; init; } = 0.0;

    /// <summary>Share held out where none is given.</summary>
    public double UsualTestFraction { get; init; }

    /// <summary>Why two classes are needed, to begin a sentence.</summary>
    public required string Purpose { get; init; }

    /// <summary>Reads and divides.</summary>
    /// <returns>The samples, and the share that was held out: null where the test samples are the source's own, 0 where there are none.</returns>
    /// <exception cref="UsageException">The data cannot be used; one line that names it.</exception>
    public (DataSplit Data, double? TestFraction) Load(RunSettings settings, RandomStream random, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        try
        {
            DataSplit data = DataCatalog.Load(Data, new DataOptions { MaxSamples = Samples }, DataFolders.Locate(settings), random, FetchProgress.Of(progress), cancellation);
            if (data.Train.ClassCount < 2)
                throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--data {Data}: {Purpose}, so at least 2 are needed; the data has {data.Train.ClassCount}"));
            if (Samples > data.Train.SampleCount)
                throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--samples must be at most {data.Train.SampleCount}, as many as {Data} has to train on, got {Samples}"));
            return Divide(data, random);
        }
        catch (DataException exception)
        {
            throw new UsageException($"--data {Data}: {exception.Message}", exception);
        }
    }

    private (DataSplit Data, double? TestFraction) Divide(DataSplit data, RandomStream random)
    {
        double fraction = TestFraction ?? (data.Test is null ? UsualTestFraction : 0.0);
        if (fraction == 0.0)
            return (data, data.Test is null ? fraction : null);
        if (data.Test is not null)
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--test-fraction must be left out: {Data} comes with {data.Test.SampleCount} test samples of its own, got {fraction}"));
        return (Aside(data.Train, fraction, "--test-fraction", random.Split("test split")), fraction);
    }

    /// <summary>Sets a share of each class aside.</summary>
    /// <exception cref="UsageException">A class is too small for the share; the message names it and the option.</exception>
    public static DataSplit Aside(Dataset samples, double fraction, string option, RandomStream random)
    {
        try
        {
            return DataSplit.Stratified(samples, fraction, random);
        }
        catch (ArgumentException problem)
        {
            throw new UsageException($"{option}: {problem.Message.Split(" (Parameter", 2)[0]}", problem);
        }
    }
}
