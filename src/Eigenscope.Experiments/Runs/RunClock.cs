namespace Eigenscope.Experiments.Runs;

/// <summary>Elapsed time from an injected clock.</summary>
internal sealed class RunClock(TimeProvider time)
{
    public long Timestamp => time.GetTimestamp();

    public double SecondsSince(long timestamp) => time.GetElapsedTime(timestamp).TotalSeconds;
}
