using Eigenscope.Experiments.Benchmarks;

namespace Eigenscope.Experiments.Tests.Benchmarks;

public sealed class PowerLawTests
{
    [Fact]
    public void An_exact_power_has_its_exponent_and_no_error()
    {
        PowerLaw law = PowerLaw.Fit([(1.0, 3.0), (2.0, 3.0 * Math.Sqrt(8.0)), (4.0, 24.0), (8.0, 3.0 * Math.Sqrt(512.0))]);

        Assert.Equal(1.5, law.Exponent, 1e-14);
        Assert.Equal(0.0, law.StandardError, 1e-14);
    }

    [Fact]
    public void Scatter_gives_the_standard_error_computed_by_hand()
    {
        // log x = -1, 0, 1 and log y = 0, 0, 1.5: slope 1.5/2, intercept 0.5, residuals 0.25, -0.5, 0.25 with squares 0.375; √(0.375 / 1 / 2).
        PowerLaw law = PowerLaw.Fit([(Math.Exp(-1.0), 1.0), (1.0, 1.0), (Math.E, Math.Exp(1.5))]);

        Assert.Equal(0.75, law.Exponent, 1e-14);
        Assert.Equal(Math.Sqrt(0.1875), law.StandardError, 1e-14);
    }

    [Fact]
    public void Two_points_leave_nothing_to_judge_the_line_by() => Assert.Throws<ArgumentException>(() => PowerLaw.Fit([(1.0, 1.0), (2.0, 2.0)]));
}
