namespace Eigenscope.Numerics.Estimators.Traces;

/// <summary>Mean and standard error by Welford's recurrence: no cancellation when the mean is large beside the spread.</summary>
internal sealed class SampleMean
{
    private double _mean;
    private double _squares;

    public int Count { get; private set; }

    public void Add(double value)
    {
        double difference = value - _mean;
        _mean += difference / ++Count;
        _squares += difference * (value - _mean);
    }

    public Estimate ToEstimate(double offset = 0.0) => new(offset + _mean, Math.Sqrt(_squares / (Count - 1) / Count), Count);
}
