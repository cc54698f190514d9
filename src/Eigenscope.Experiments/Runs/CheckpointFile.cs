using Eigenscope.Experiments.Store;

namespace Eigenscope.Experiments.Runs;

/// <summary>Where a long run keeps how far it is, to go on from there after it was stopped or killed.</summary>
public sealed class CheckpointFile
{
    private readonly StoreFiles _files;
    private readonly TimeProvider _time;
    private long _last;

    /// <summary>Creates it; nothing is read or written yet.</summary>
    /// <param name="path">The file.</param>
    /// <param name="files">How it is written.</param>
    /// <param name="time">The clock.</param>
    public CheckpointFile(string path, StoreFiles files, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(time);
        (Path, _files, _time) = (System.IO.Path.GetFullPath(path), files, time);
        _last = time.GetTimestamp();
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Least time between two writings, which are made at the end of an epoch: a kill loses no more than this and an epoch. Default half a minute.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether a file that is damaged, or was written by a version that saw the run otherwise, is as good as none. Default false: it is the user's, and named.</summary>
    public bool DiscardsDamaged { get; init; }

    /// <summary>Whether it is time to write again.</summary>
    internal bool IsDue => _time.GetElapsedTime(_last) >= Every;

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <param name="write">Writes to the path it is given.</param>
    internal void Write(Action<string> write)
    {
        _files.CreateFolder(System.IO.Path.GetDirectoryName(Path)!);
        _files.Write(Path, write);
        _last = _time.GetTimestamp();
    }
}
