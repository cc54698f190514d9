namespace Eigenscope.Learning.Data;

/// <summary>The files of the data sets that are known by name: bringing them here, and checking them.</summary>
public static class DataFiles
{
    /// <summary>Brings a data set into the cache, unless it is in another folder already. Files that are there are checked, and downloaded again when they are wrong.</summary>
    /// <param name="name">A known name.</param>
    /// <param name="locations">Where to look, where the cache is, and what downloads.</param>
    /// <param name="progress">Told how far it is, or null.</param>
    /// <param name="cancellation">Stops at once; what has come of a file stays for the next attempt.</param>
    /// <returns>Where it is now.</returns>
    /// <exception cref="DataException">An unknown name.</exception>
    /// <exception cref="DataFetchException">A download that failed, or a cache that cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static FetchedData Fetch(string name, DataLocations locations, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(locations);
        if (BuiltIn(name) is { } place)
            return new FetchedData(name, place, []);
        KnownDataset known = Known(name);
        string? found = known.Locate(locations);
        string? cached = locations.CacheFolder is { } cache ? Path.Combine(cache, known.Name) : null;
        if (found is not null && !string.Equals(found, cached, StringComparison.Ordinal))
            return new FetchedData(known.Name, found, []);
        return new FetchedData(known.Name, cached ?? "", DatasetFetch.Run(known, locations, progress, cancellation));
    }

    /// <summary>Checks the files of a data set: checksums where they are published, else that they are well formed.</summary>
    /// <param name="name">A known name.</param>
    /// <param name="locations">Where to look; nothing is downloaded.</param>
    /// <param name="cancellation">Stops between files.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="DataException">An unknown name, or a data set that is not on this machine.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static CheckedData Verify(string name, DataLocations locations, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(locations);
        if (BuiltIn(name) is { } place)
            return new CheckedData(name, place, string.Equals(name, EmbeddedDigits.Name, StringComparison.Ordinal) ? [EmbeddedDigits.Check()] : []);
        KnownDataset known = Known(name);
        string folder = known.Locate(locations) ?? throw new DataException(known.Name, $"not on this machine: {known.HowToGet(locations)}");
        return new CheckedData(known.Name, folder, DatasetCheck.Run(known, folder, cancellation));
    }

    private static string? BuiltIn(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name switch
        {
            EmbeddedDigits.Name => DataCatalog.Embedded,
            GaussianClasses.Name => DataCatalog.Synthetic,
            _ => null,
        };
    }

    private static KnownDataset Known(string name) =>
        KnownDataset.Find(name) ?? throw new DataException(name, $"unknown data set{NearestName.Suggest(name, DataCatalog.Names)}; known names: {string.Join(", ", DataCatalog.Names)}");
}
