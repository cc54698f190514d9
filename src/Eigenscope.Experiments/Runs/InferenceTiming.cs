using Eigenscope.Experiments.Reports;

namespace Eigenscope.Experiments.Runs;

/// <summary>Times passes of two networks over the same samples, in turn, so that what else the machine does falls on both.</summary>
internal static class InferenceTiming
{
    private const int Rounds = 7;
    private const double ShortestRound = 0.05;
    private const double MostPasses = 1000.0;
    private const double Microseconds = 1e6;

    /// <summary>The median over rounds for each, after a pass that is not counted; where passes are short a round is as many as take a twentieth of a second.</summary>
    /// <param name="before">A pass of the one.</param>
    /// <param name="after">A pass of the other.</param>
    /// <param name="samples">Samples of a pass.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellation">Ends after the round at hand.</param>
    public static TimingReport Measure(Action before, Action after, int samples, RunClock clock, CancellationToken cancellation)
    {
        List<double> first = [], second = [];
        before();
        after();
        int passes = Passes(Time(before, 1, samples, clock) * samples / Microseconds);
        do
        {
            first.Add(Time(before, passes, samples, clock));
            second.Add(Time(after, passes, samples, clock));
        }
        while (first.Count < Rounds && !cancellation.IsCancellationRequested);
        return new TimingReport(first.Count, samples, Summarize(first), Summarize(second));
    }

    // A pass over few samples is over before a clock or a scheduler notices.
    private static int Passes(double seconds) => seconds > 0.0 ? (int)Math.Clamp(Math.Ceiling(ShortestRound / seconds), 1.0, MostPasses) : 1;

    private static double Time(Action pass, int passes, int samples, RunClock clock)
    {
        long start = clock.Timestamp;
        for (int i = 0; i < passes; i++)
            pass();
        return Microseconds * clock.SecondsSince(start) / passes / samples;
    }

    private static TimeReport Summarize(List<double> times)
    {
        times.Sort();
        int middle = times.Count / 2;
        double median = times.Count % 2 == 1 ? times[middle] : 0.5 * (times[middle - 1] + times[middle]);
        return new TimeReport(median, times[0], times[^1]);
    }
}
