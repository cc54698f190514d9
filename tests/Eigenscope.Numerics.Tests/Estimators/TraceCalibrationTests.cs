using Eigenscope.Numerics.Estimators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Testing.Spectra;
using Xunit.Abstractions;

namespace Eigenscope.Numerics.Tests.Estimators;

/// <summary>Root-mean-square error of the trace estimators against the standard error they claim, over 200 seeds, on operators of dimension 2,000.</summary>
public sealed class TraceCalibrationTests(ITestOutputHelper output)
{
    private const int Dimension = 2000;
    private const int Seeds = 200;
    private const int Budget = 48;

    // Where the sketch holds all but a multiple of the identity, both errors are rounding.
    private const double ExactAgreement = 1e-8;

    // A root-mean-square over 200 seeds is itself known to 1/√(2 · 200), 5 %: three of these.
    private const double SamplingAllowance = 1.15;

    public static TheoryData<string, TraceMethod> Cases()
    {
        TheoryData<string, TraceMethod> cases = [];
        foreach (string law in Laws().Select(static law => law.Name))
        {
            foreach (TraceMethod method in Enum.GetValues<TraceMethod>())
                cases.Add(law, method);
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Claimed_errors_are_those_made(string name, TraceMethod method)
    {
        HardSpectrum law = Laws().Single(candidate => candidate.Name == name);
        Tally tally = Run(law, method, 0.0, Budget);
        output.WriteLine($"{name}, {method}: error {tally.Error:G3}, claimed {tally.Claimed:G3}, ratio {tally.Error / tally.Claimed:G3}, bias {tally.Bias / tally.Error * Math.Sqrt(Seeds):F1} standard errors");
        Assert.Equal(Budget, tally.Products, 1e-9);
        Assert.InRange(Math.Abs(tally.Bias), 0, (4 * tally.Error / Math.Sqrt(Seeds)) + ExactAgreement);
        if (tally.Error > ExactAgreement * law.Eigenvalues.Sum(Math.Abs))
            Assert.InRange(tally.Error / tally.Claimed, LeastRatio(method), 1.2);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Stopping_keeps_the_error_within_the_target(string name, TraceMethod method)
    {
        HardSpectrum law = Laws().Single(candidate => candidate.Name == name);
        double target = 0.03 * law.Eigenvalues.Sum(Math.Abs);
        Tally tally = Run(law, method, target, 96);
        output.WriteLine($"{name}, {method}: {tally.Products:F1} products, target {target:G3} met {tally.Met:P0}, error {tally.Error:G3}");
        Assert.InRange(tally.Products, 24 - 1e-9, 96 + 1e-9);
        if (tally.Met > 0.99)
            Assert.InRange(tally.Error, 0, SamplingAllowance * target);
        Assert.InRange(tally.Met, method == TraceMethod.Hutchinson ? 0.0 : 0.99, 1.0 + 1e-9);
    }

    // Half of XTrace's error is a jackknife, which is too large on average (Efron and Stein, Ann. Stat. 9, 1981).
    private static double LeastRatio(TraceMethod method) => method == TraceMethod.XTrace ? 0.5 : 0.8;

    private static HardSpectrum[] Laws() =>
        [SpectralLaws.Collapsed(Dimension, 12), SpectralLaws.MarchenkoPastur(Dimension, 0.5), SpectralLaws.Indefinite(Dimension), HardSpectra.PowerLaw(Dimension, 1)];

    private static Tally Run(HardSpectrum law, TraceMethod method, double target, int budget)
    {
        double exact = law.Eigenvalues.Sum();
        MixedSpectrumOperator a = new(law.Eigenvalues);
        Tally tally = new(0, 0, 0, 0, 0);
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            int before = a.Applications;
            TraceResult result = TraceEstimator.Estimate(a, new TraceOptions { Method = method, RelativeTarget = 0, AbsoluteTarget = target, MaxApplications = budget }, TestCompute.Auto, new RandomStream(seed));
            Assert.Equal(a.Applications - before, result.OperatorApplications);
            double error = result.Trace.Mean - exact;
            tally = new(tally.Error + (error * error / Seeds), tally.Claimed + (result.Trace.StandardError * result.Trace.StandardError / Seeds), tally.Bias + (error / Seeds), tally.Products + ((double)result.OperatorApplications / Seeds), tally.Met + (result.IsWithinTarget ? 1 : 0));
        }
        return tally with { Error = Math.Sqrt(tally.Error), Claimed = Math.Sqrt(tally.Claimed), Met = tally.Met / Seeds };
    }

    private sealed record Tally(double Error, double Claimed, double Bias, double Products, double Met);
}
