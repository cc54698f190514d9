namespace Eigenscope.Experiments.DataListing;

/// <summary>The result of <c>data fetch</c>.</summary>
/// <param name="Name">The data set.</param>
/// <param name="Location">Where it is now: a folder, "embedded" or "synthetic".</param>
/// <param name="Files">The files of the cache, in the order in which they were fetched; none when the data set is somewhere else already.</param>
public sealed record DataFetchResult(string Name, string Location, IReadOnlyList<DataFetchEntry> Files);

/// <summary>A file of a data set.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its length as published.</param>
/// <param name="Status">"downloaded", or "present": it was here, and right.</param>
/// <param name="Address">Where it is published.</param>
public sealed record DataFetchEntry(string Name, long Bytes, string Status, string Address);
