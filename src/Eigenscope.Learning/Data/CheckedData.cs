namespace Eigenscope.Learning.Data;

/// <summary>A data set that was checked.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Location">Where it is: a folder, "embedded" or "synthetic".</param>
/// <param name="Files">Its files; none for synthetic data.</param>
public sealed record CheckedData(string Name, string Location, IReadOnlyList<CheckedFile> Files)
{
    /// <summary>The worst of its files: <see cref="FileState.Wrong"/> also for a missing one.</summary>
    public FileState State
    {
        get
        {
            if (Files.Any(file => file.State is FileState.Wrong or FileState.Missing))
                return FileState.Wrong;
            return Files.Any(file => file.State is FileState.Partial) ? FileState.Partial : FileState.Right;
        }
    }
}
