namespace Eigenscope.Formats;

/// <summary>Where a path really leads.</summary>
internal static class LinkedPath
{
    private const int MostLinks = 40;

    /// <summary>The full path without links, those of its folders followed too; parts that do not exist stay as they are.</summary>
    /// <exception cref="IOException">There are too many links, or a cycle of them.</exception>
    public static string Resolve(string path)
    {
        int links = 0;
        return Resolve(Path.GetFullPath(path), ref links);
    }

    private static string Resolve(string path, ref int links)
    {
        string? parent = Path.GetDirectoryName(path);
        if (parent is null)
            return path;
        string here = Path.Combine(Resolve(parent, ref links), Path.GetFileName(path));
        string? target = new FileInfo(here).LinkTarget;
        if (target is null)
            return here;
        if (++links > MostLinks)
            throw new IOException("too many symbolic links");
        return Resolve(Path.GetFullPath(target, Path.GetDirectoryName(here)!), ref links);
    }
}
