namespace Eigenscope.Learning.Data;

/// <summary>A data set that was fetched, or need not be.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Location">Where it is: a folder, "embedded" or "synthetic".</param>
/// <param name="Files">The files of the cache; none when the data set is somewhere else.</param>
public sealed record FetchedData(string Name, string Location, IReadOnlyList<FetchedFile> Files);
