namespace Eigenscope.Experiments.Recipes;

/// <summary>Where distributions put data sets.</summary>
internal static class DataFolders
{
    /// <summary>The system's folder of data sets, by name.</summary>
    public const string System = "/usr/share/datasets";
}
