using Eigenscope.Experiments.Store;

namespace Eigenscope.Experiments.Tests.Store;

/// <summary>A disk on which one step fails: once, as when it is full for a moment, or with all after it, as when the process is killed there.</summary>
/// <param name="failing">Which step, from 0.</param>
/// <param name="dies">Whether nothing works from then on.</param>
internal sealed class FaultyFiles(int failing, bool dies) : StoreFiles
{
    private int _steps;

    /// <summary>The step that failed; null when there were fewer.</summary>
    public (StoreStep Step, string Path)? Failed { get; private set; }

    protected override void Before(StoreStep step, string path)
    {
        int number = _steps++;
        if (number != failing && !(dies && Failed is not null))
            return;
        Failed ??= (step, path);
        throw new IOException("No space left on device");
    }
}
