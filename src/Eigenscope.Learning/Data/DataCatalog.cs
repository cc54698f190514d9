using Eigenscope.Formats;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Learning.Data;

/// <summary>
/// Finds data by name or path. A known name (digits, mnist, fashion-mnist, gaussian) always means that data set, whatever lies in the current folder; a path with a separator
/// (<c>./mnist</c>) means that path. Any other argument is a path, then an entry of the user's, cached or system folder.
/// </summary>
public static class DataCatalog
{
    private const string AcceptedKinds = "a folder of IDX files, an .npz file (x, y), a .csv or .csv.gz file (label last)";

    /// <summary>The names that are known everywhere.</summary>
    public static IReadOnlyList<string> Names { get; } = [EmbeddedDigits.Name, .. KnownFolder.All.Select(known => known.Name), GaussianClasses.Name];

    /// <summary>The data sets known by name, and where they are.</summary>
    /// <param name="locations">Where to look.</param>
    /// <returns>One entry for each known name.</returns>
    public static IReadOnlyList<DataSourceInfo> List(DataLocations locations)
    {
        ArgumentNullException.ThrowIfNull(locations);
        GaussianOptions gaussian = new();
        return
        [
            new(EmbeddedDigits.Name, "handwritten digits (UCI, Alpaydin & Kaynak 1998, CC BY 4.0)", EmbeddedDigits.SampleCount, 0, [1, 8, 8], EmbeddedDigits.ClassCount, "embedded", null),
            .. KnownFolder.All.Select(known => known.Describe(locations)),
            new(GaussianClasses.Name, "Gaussian classes, drawn from the seed", gaussian.Classes * gaussian.PerClass, 0, [gaussian.Dimension], gaussian.Classes, "synthetic", null),
        ];
    }

    /// <summary>Loads a data set.</summary>
    /// <param name="nameOrPath">A known name, or the path of a folder of IDX files, an NPZ file or a CSV file.</param>
    /// <param name="options">What to make of it.</param>
    /// <param name="locations">Where to look for names.</param>
    /// <param name="random">The seed of every draw (synthetic data, subset, split); nothing is drawn from the stream itself, only from its children.</param>
    /// <returns>Training samples, and test samples if the source has them or a test fraction was asked for.</returns>
    /// <exception cref="DataException">No such data, unreadable or inconsistent data, or options out of range; one line that names the file or option.</exception>
    public static DataSplit Load(string nameOrPath, DataOptions options, DataLocations locations, RandomStream random)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrPath);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(locations);
        ArgumentNullException.ThrowIfNull(random);
        options.Validate();
        try
        {
            return Apply(options, Find(nameOrPath, options, locations, random), nameOrPath, random);
        }
        catch (DataFormatException failure)
        {
            throw new DataException(failure.Path, $"expected {failure.Expected}, got {failure.Actual}", failure);
        }
    }

    private static LoadedData Find(string nameOrPath, DataOptions options, DataLocations locations, RandomStream random)
    {
        if (string.Equals(nameOrPath, EmbeddedDigits.Name, StringComparison.Ordinal))
            return new LoadedData(EmbeddedDigits.Load(), null);
        if (string.Equals(nameOrPath, GaussianClasses.Name, StringComparison.Ordinal))
            return new LoadedData(GaussianClasses.Create(options.Gaussian, random.Split(GaussianClasses.Name)), null);
        if (KnownFolder.All.FirstOrDefault(known => string.Equals(known.Name, nameOrPath, StringComparison.Ordinal)) is { } folder)
            return folder.Load(locations, options.MaxSamples);
        string? path = Path.Exists(nameOrPath) ? nameOrPath : locations.Find(nameOrPath);
        return path is null ? throw Unknown(nameOrPath) : LoadPath(path, options);
    }

    private static LoadedData LoadPath(string path, DataOptions options)
    {
        if (Directory.Exists(path))
            return IdxFolder.Load(path, Path.GetFileName(Path.TrimEndingDirectorySeparator(path)), null, options.MaxSamples);
        if (path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase))
            return NpzSource.Load(path);
        if (path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".csv.gz", StringComparison.OrdinalIgnoreCase))
            return CsvSource.Load(path);
        throw new DataException(path, $"unknown kind of file, expected {AcceptedKinds}");
    }

    private static DataSplit Apply(DataOptions options, LoadedData data, string subject, RandomStream random)
    {
        Dataset train = Shorten(options, data.Train, subject, random);
        if (options.TestFraction is not > 0)
            return new DataSplit(train, data.Test);
        if (data.Test is not null)
            throw new DataException("test fraction", $"{subject} comes with {data.Test.SampleCount} test samples of its own; leave the fraction out");
        double fraction = options.TestFraction.Value;
        return DataSplit.FindProblem(train, fraction) is { } problem
            ? throw new DataException(subject, problem)
            : DataSplit.Stratified(train, fraction, random.Split("test split"));
    }

    private static Dataset Shorten(DataOptions options, Dataset data, string subject, RandomStream random)
    {
        if (options.MaxSamples < data.SampleCount)
            data = data.Take(options.MaxSamples.Value, requireEveryClass: false);
        int missing = Enumerable.Range(0, data.ClassCount).FirstOrDefault(c => data.ClassCounts[c] == 0, -1);
        if (missing >= 0)
            throw new DataException(subject, $"class {data.ClassNames[missing]} has no samples among the first {data.SampleCount}; take more");
        if (options.SamplesPerClass is not { } perClass)
            return data;
        int smallest = data.ClassCounts.Min();
        return perClass <= smallest
            ? data.TakePerClass(perClass, random.Split("subset"))
            : throw new DataException("samples per class", $"class {data.ClassNames[data.ClassCounts.ToList().IndexOf(smallest)]} of {subject} has only {smallest} samples, got {perClass}");
    }

    private static DataException Unknown(string nameOrPath)
    {
        bool looksLikePath = nameOrPath.AsSpan().ContainsAny(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar) || Path.HasExtension(nameOrPath);
        string names = string.Join(", ", Names);
        return looksLikePath
            ? new DataException(nameOrPath, $"no such file or folder; expected {AcceptedKinds}, or a known name ({names})")
            : new DataException(nameOrPath, $"unknown data set{NearestName.Suggest(nameOrPath, Names)}; known names: {names}; or give the path of {AcceptedKinds}");
    }
}
