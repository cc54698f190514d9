using Eigenscope.Formats;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Learning.Data;

/// <summary>
/// Finds data by name or path. A known name (digits, mnist, fashion-mnist, cifar10, svhn, gaussian) always means that data set, whatever lies in the current folder; a path with a separator
/// (<c>./mnist</c>) means that path. A known name is looked for in the user's, the cached and the system's folder, and last downloaded, where <see cref="DataLocations.Downloader"/> may.
/// Any other argument is a path, then an entry of these folders.
/// </summary>
public static class DataCatalog
{
    internal const string Embedded = "embedded";
    internal const string Synthetic = "synthetic";

    private const string AcceptedKinds = "a folder of IDX, CIFAR-10 or SVHN files, an .npz file (x, y), a .csv or .csv.gz file (label last)";

    /// <summary>The names that are known everywhere.</summary>
    public static IReadOnlyList<string> Names { get; } = [EmbeddedDigits.Name, .. KnownDataset.All.Select(known => known.Name), GaussianClasses.Name];

    /// <summary>The data sets known by name, and where they are.</summary>
    /// <param name="locations">Where to look.</param>
    /// <returns>One entry for each known name.</returns>
    public static IReadOnlyList<DataSourceInfo> List(DataLocations locations)
    {
        ArgumentNullException.ThrowIfNull(locations);
        GaussianOptions gaussian = new();
        return
        [
            new(EmbeddedDigits.Name, "handwritten digits (UCI, Alpaydin & Kaynak 1998, CC BY 4.0)", EmbeddedDigits.SampleCount, 0, [1, 8, 8], EmbeddedDigits.ClassCount, Embedded, null),
            .. KnownDataset.All.Select(known => known.Describe(locations)),
            new(GaussianClasses.Name, "Gaussian classes, drawn from the seed", gaussian.Classes * gaussian.PerClass, 0, [gaussian.Dimension], gaussian.Classes, Synthetic, null),
        ];
    }

    /// <summary>Loads a data set.</summary>
    /// <param name="nameOrPath">A known name, or the path of a folder of IDX, CIFAR-10 or SVHN files, an NPZ file or a CSV file.</param>
    /// <param name="options">What to make of it.</param>
    /// <param name="locations">Where to look for names.</param>
    /// <param name="random">The seed of every draw (synthetic data, subset, split); nothing is drawn from the stream itself, only from its children.</param>
    /// <param name="progress">Told how far a download is, or null.</param>
    /// <param name="cancellation">Stops a download.</param>
    /// <returns>Training samples, and test samples if the source has them or a test fraction was asked for.</returns>
    /// <exception cref="DataException">No such data, unreadable or inconsistent data, or options out of range; one line that names the file or option.</exception>
    /// <exception cref="OperationCanceledException">A download was cancelled; what has come stays for the next attempt.</exception>
    public static DataSplit Load(
        string nameOrPath, DataOptions options, DataLocations locations, RandomStream random, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrPath);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(locations);
        ArgumentNullException.ThrowIfNull(random);
        options.Validate();
        try
        {
            SampleChoice choice = new(options, nameOrPath, random);
            KnownDataset? known = KnownDataset.Find(nameOrPath);
            LoadedData data = known is null
                ? Find(nameOrPath, options, locations, choice, random)
                : known.Read(Locate(known, locations, progress, cancellation), known, options.MaxSamples, choice);
            return Apply(options, choice, data, nameOrPath, random);
        }
        catch (DataFormatException failure)
        {
            throw new DataException(failure.Path, $"expected {failure.Expected}, got {failure.Actual}", failure);
        }
    }

    private static string Locate(KnownDataset known, DataLocations locations, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        if (known.Locate(locations) is { } folder)
            return folder;
        if (locations.Downloader is null || locations.CacheFolder is null)
            throw new DataException(known.Name, $"not on this machine: {known.HowToGet(locations)}");
        try
        {
            DatasetFetch.Run(known, locations, progress, cancellation);
        }
        catch (DataFetchException failure)
        {
            throw new DataException(known.Name, $"not on this machine, and {failure.Problem}", failure);
        }
        return Path.Combine(locations.CacheFolder, known.Name);
    }

    private static LoadedData Find(string nameOrPath, DataOptions options, DataLocations locations, SampleChoice choice, RandomStream random)
    {
        if (string.Equals(nameOrPath, EmbeddedDigits.Name, StringComparison.Ordinal))
            return new LoadedData(EmbeddedDigits.Load(), null);
        if (string.Equals(nameOrPath, GaussianClasses.Name, StringComparison.Ordinal))
            return new LoadedData(GaussianClasses.Create(options.Gaussian, random.Split(GaussianClasses.Name)), null);
        string? path = Path.Exists(nameOrPath) ? nameOrPath : locations.Find(nameOrPath);
        return path is null ? throw Unknown(nameOrPath) : LoadPath(path, options, choice);
    }

    private static LoadedData LoadPath(string path, DataOptions options, SampleChoice choice)
    {
        if (Directory.Exists(path))
            return LoadFolder(path, Path.GetFileName(Path.TrimEndingDirectorySeparator(path)), options, choice);
        if (HasExtension(path, ".npz"))
            return NpzSource.Load(path);
        if (HasExtension(path, ".csv") || HasExtension(path, ".csv.gz"))
            return CsvSource.Load(path);
        if (HasExtension(path, ".tar.gz"))
            return CifarFolder.Load(path, Path.GetFileName(path), choice);
        if (HasExtension(path, ".mat"))
            return SvhnFolder.Load(path, Path.GetFileName(path), choice);
        throw new DataException(path, $"unknown kind of file, expected {AcceptedKinds}, CIFAR-10's .tar.gz or a .mat file (X, y)");
    }

    private static LoadedData LoadFolder(string folder, string name, DataOptions options, SampleChoice choice)
    {
        if (!IdxFolder.IsPresent(folder) && CifarFolder.IsPresent(folder))
            return CifarFolder.Load(folder, name, choice);
        return !IdxFolder.IsPresent(folder) && SvhnFolder.IsPresent(folder)
            ? SvhnFolder.Load(folder, name, choice)
            : IdxFolder.Load(folder, name, null, options.MaxSamples);
    }

    private static bool HasExtension(string path, string extension) => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase);

    private static DataSplit Apply(DataOptions options, SampleChoice choice, LoadedData data, string subject, RandomStream random)
    {
        Dataset train = data.Train;
        if (!data.IsChosen && choice.Of(train.Labels, train.ClassNames) is { } indices)
            train = train.Subset(indices);
        if (choice.Describe() is { Length: > 0 } chosen)
            train = train.From(train.Source + chosen);
        DataSplit split = Divide(options, new DataSplit(train, data.Test), subject, random);
        return options.Standardize ? split.Standardized() : split;
    }

    private static DataSplit Divide(DataOptions options, DataSplit data, string subject, RandomStream random)
    {
        if (options.TestFraction is not > 0)
            return data;
        if (data.Test is not null)
            throw new DataException("test fraction", $"{subject} comes with {data.Test.SampleCount} test samples of its own; leave the fraction out");
        double fraction = options.TestFraction.Value;
        return DataSplit.FindProblem(data.Train, fraction) is { } problem
            ? throw new DataException(subject, problem)
            : DataSplit.Stratified(data.Train, fraction, random.Split("test split"));
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
