namespace Eigenscope.Experiments.Runs;

/// <summary>Keeps the parameters of a descent at its start, at the iterations that are to be measured, and at its end.</summary>
internal sealed class SnapshotRecorder(double[] initial, IReadOnlySet<int> measured, RunClock clock)
{
    private readonly long _start = clock.Timestamp;
    private readonly List<Snapshot> _snapshots = [new Snapshot(0, 0, 0.0, initial)];

    public IReadOnlyList<Snapshot> Snapshots => _snapshots;

    public double[] Last => _snapshots[^1].Parameters;

    public void Keep(int iteration, ReadOnlySpan<double> parameters)
    {
        if (measured.Contains(iteration) && _snapshots[^1].Step < iteration)
            _snapshots.Add(new Snapshot(iteration, iteration, clock.SecondsSince(_start), parameters.ToArray()));
    }

    public void End(int iterations, double[] parameters)
    {
        // The end may be a kept iteration, or be reached by going back to it.
        while (_snapshots.Count > 1 && _snapshots[^1].Step >= iterations)
            _snapshots.RemoveAt(_snapshots.Count - 1);
        _snapshots.Add(new Snapshot(iterations, iterations, clock.SecondsSince(_start), parameters));
    }
}
