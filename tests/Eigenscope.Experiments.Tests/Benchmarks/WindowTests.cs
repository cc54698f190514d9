using Eigenscope.Experiments.Benchmarks;
using Eigenscope.Testing;

namespace Eigenscope.Experiments.Tests.Benchmarks;

public sealed class WindowTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void Times_are_those_that_passed_on_the_clock()
    {
        WindowSampler sampler = new(_clock, () => 2.0);

        IReadOnlyList<Window> windows = sampler.Sample(Taking(0.5), 1e9, Taking(0.03), Taking(0.08), 8, 3, CancellationToken.None);

        Assert.Equal(3, windows.Count);
        WindowSummary summary = new(windows);
        Assert.Equal((3, 0), (summary.Kept, summary.Discarded));
        Assert.Equal(2e9, summary.GemmRate, 1.0);
        Assert.Equal(0.01, summary.Seconds, 1e-9);
        Assert.Equal(1.0 / 3.0, summary.RatioToGradient, 1e-9);
        Assert.Equal(0.005, summary.FloorSeconds(1e7), 1e-9);
        Assert.Equal(2.0, summary.RatioToFloor(1e7), 1e-9);
    }

    [Fact]
    public void A_window_with_a_lost_core_before_or_after_it_does_not_count()
    {
        // Scalings in order: before the first window, then after each.
        Queue<double> scalings = new([1.9, 1.9, 1.0, 1.9, 1.9]);
        Queue<double> products = new([0.2, 0.2, 0.1, 0.7, 0.7, 0.1]);
        WindowSampler sampler = new(_clock, scalings.Dequeue);

        IReadOnlyList<Window> windows = sampler.Sample(Taking(0.5), 1e9, Taking(0.03), () => _clock.Advance(products.Dequeue()), 1, 2, CancellationToken.None);

        Assert.Equal([true, false, false, true], windows.Select(window => window.IsKept));
        WindowSummary summary = new(windows);
        Assert.Equal((2, 2), (summary.Kept, summary.Discarded));
        Assert.Equal(0.1, summary.Seconds, 1e-9);
    }

    [Fact]
    public void A_machine_that_never_has_both_cores_is_given_up_and_said_so()
    {
        WindowSampler sampler = new(_clock, () => 1.2);

        WindowSummary summary = new(sampler.Sample(Taking(0.5), 1e9, Taking(0.03), Taking(0.1), 1, 2, CancellationToken.None));

        Assert.Equal((0, 6), (summary.Kept, summary.Discarded));
        Assert.Equal(0.1, summary.Seconds, 1e-9);
    }

    [Fact]
    public void A_short_product_is_repeated()
    {
        int runs = 0;
        WindowSampler sampler = new(_clock, null);

        sampler.Sample(
            Taking(0.5),
            1e9,
            Taking(0.03),
            () =>
            {
                runs++;
                _clock.Advance(0.01);
            },
            1,
            1,
            CancellationToken.None);

        Assert.Equal(2 + 10, runs);
    }

    [Fact]
    public void An_even_number_of_windows_has_the_mean_of_the_middle_two_as_its_median()
    {
        WindowSummary summary = new([new(1, 1, 4, 2), new(1, 1, 1, 2), new(1, 1, 2, 2), new(1, 1, 9, 2)]);

        Assert.Equal(3.0, summary.Seconds);
    }

    [Fact]
    public void Cancelling_stops_between_windows()
    {
        using CancellationTokenSource source = new();
        WindowSampler sampler = new(_clock, null);

        Assert.Throws<OperationCanceledException>(() => sampler.Sample(Taking(0.5), 1e9, source.Cancel, Taking(1.0), 1, 5, source.Token));
    }

    private Action Taking(double seconds) => () => _clock.Advance(seconds);
}
