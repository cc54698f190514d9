using System.Text;

namespace Eigenscope.Formats;

/// <summary>Text as an array, for notes in NPZ files: its bytes in UTF-8, one 64-bit number each, which every reader of the format has.</summary>
public static class NpyText
{
    /// <summary>Makes the array.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>Its bytes.</returns>
    public static NpyArray Create(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        long[] bytes = [.. Encoding.UTF8.GetBytes(text).Select(static value => (long)value)];
        return NpyArray.Create(bytes, bytes.Length);
    }

    /// <summary>Reads the text of one array of an NPZ file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The array's name, without extension.</param>
    /// <returns>The text.</returns>
    /// <exception cref="DataFormatException">The file is missing or damaged, or has no such array, or it does not hold whole numbers.</exception>
    public static string Read(string path, string name) => Encoding.UTF8.GetString([.. NpzFile.Read(path, name).ToInt64s().Select(static value => (byte)value)]);
}
