namespace Eigenscope.Experiments.Runs;

/// <summary>Places the fractions of single stages on the scale of the whole run: training first, then one measurement after another.</summary>
internal sealed class StagedProgress(IProgress<RunProgress>? target, int snapshots, double trainingShare)
{
    private int _snapshot;

    public void Training(RunProgress step) => target?.Report(step with { Fraction = trainingShare * step.Fraction });

    public void NextSnapshot(int index) => _snapshot = index;

    public void Measuring(RunProgress step)
    {
        double share = (1.0 - trainingShare) / snapshots;
        target?.Report(step with { Fraction = Math.Min(1.0, trainingShare + (share * (_snapshot + step.Fraction))) });
    }
}
