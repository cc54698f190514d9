namespace Eigenscope.Formats;

/// <summary>A file cannot be read as what it should be. The message is one line: the file, what was expected, what came; text from the file is cut where it is long.</summary>
public sealed class DataFormatException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="path">The file, as the caller named it; for a part of a file, the file followed by the part.</param>
    /// <param name="expected">What should have been there.</param>
    /// <param name="actual">What was there.</param>
    /// <param name="innerException">The cause, if another exception led here.</param>
    public DataFormatException(string path, string expected, string actual, Exception? innerException = null)
        : base($"{ErrorText.Clean(path, int.MaxValue)}: expected {ErrorText.Clean(expected)}, got {ErrorText.Clean(actual)}", innerException)
    {
        Path = path;
        Expected = expected;
        Actual = actual;
    }

    /// <summary>The file, as the caller named it.</summary>
    public string Path { get; }

    /// <summary>What should have been there.</summary>
    public string Expected { get; }

    /// <summary>What was there.</summary>
    public string Actual { get; }
}
