namespace Eigenscope.Learning.Data;

/// <summary>The files of a data set could not be brought here. The message is one line that begins with the data set's name and says what to do.</summary>
public sealed class DataFetchException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="name">The data set.</param>
    /// <param name="problem">What went wrong, in one line.</param>
    /// <param name="innerException">The cause, if another exception led here.</param>
    public DataFetchException(string name, string problem, Exception? innerException = null)
        : base($"{name}: {problem}", innerException)
    {
        Name = name;
        Problem = problem;
    }

    /// <summary>The data set.</summary>
    public string Name { get; }

    /// <summary>What went wrong.</summary>
    public string Problem { get; }
}
