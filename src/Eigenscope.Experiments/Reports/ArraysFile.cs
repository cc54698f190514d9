using Eigenscope.Formats;

namespace Eigenscope.Experiments.Reports;

/// <summary>Writes the arrays of a report for programs: an NPZ file, readable by <c>numpy.load</c>.</summary>
public static class ArraysFile
{
    /// <summary>Writes the file, whole or not at all.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="arrays">The arrays, with distinct names.</param>
    /// <exception cref="ArgumentException">A name that is empty or occurs twice, or a shape that does not fit its values.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission to write there.</exception>
    public static void Write(string path, IReadOnlyList<NamedArray> arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        NpzFile.Write(path, [.. arrays.Select(static array => KeyValuePair.Create(array.Name, NpyArray.Create(array.Values, [.. array.Shape])))]);
    }
}
