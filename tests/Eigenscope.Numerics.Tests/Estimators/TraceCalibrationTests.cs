using Eigenscope.Numerics.Estimators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Testing.Spectra;
using Xunit.Abstractions;

namespace Eigenscope.Numerics.Tests.Estimators;

public sealed class TraceCalibrationTests(ITestOutputHelper output)
{
    private const int Dimension = 2000;
    private const int Seeds = 200;

    [Fact]
    public void Explore()
    {
        HardSpectrum[] laws = [SpectralLaws.Collapsed(Dimension, 16), SpectralLaws.MarchenkoPastur(Dimension, 0.5), SpectralLaws.Indefinite(Dimension), HardSpectra.PowerLaw(Dimension, 1), HardSpectra.PowerLaw(Dimension, 2)];
        foreach (HardSpectrum law in laws)
        {
            double exact = law.Eigenvalues.Sum();
            foreach (TraceMethod method in Enum.GetValues<TraceMethod>())
            {
                foreach (int budget in new[] { 24, 48 })
                {
                    double squares = 0, claimed = 0, bias = 0, claimed2 = 0;
                    for (ulong seed = 0; seed < Seeds; seed++)
                    {
                        MixedSpectrumOperator a = new(law.Eigenvalues);
                        TraceResult result = TraceEstimator.Estimate(a, new TraceOptions { Method = method, RelativeTarget = 0, MaxApplications = budget }, TestCompute.Auto, new RandomStream(seed));
                        squares += Math.Pow(result.Trace.Mean - exact, 2) / Seeds;
                        bias += (result.Trace.Mean - exact) / Seeds;
                        claimed += Math.Pow(result.Trace.StandardError, 2) / Seeds;
                        claimed2 += result.Trace.StandardError / Seeds;
                        Assert.Equal(a.Applications, result.OperatorApplications);
                    }
                    output.WriteLine($"{law.Name,-30} {method,-14} {budget}: exact {exact:G4} rmse {Math.Sqrt(squares):G4} claimed rms {Math.Sqrt(claimed):G4} ratio {Math.Sqrt(squares / claimed):G4} ratio-mean {Math.Sqrt(squares) / claimed2:G4} bias/se {bias / Math.Sqrt(squares / Seeds):G3}");
                }
            }
        }
        foreach (HardSpectrum law in laws)
        {
            double exact = law.Eigenvalues.Sum();
            foreach (TraceMethod method in Enum.GetValues<TraceMethod>())
            {
                double squares = 0, claimed = 0, bias = 0, used = 0, met = 0, target = 0;
                for (ulong seed = 0; seed < Seeds; seed++)
                {
                    MixedSpectrumOperator a = new(law.Eigenvalues);
                    TraceResult result = TraceEstimator.Estimate(a, new TraceOptions { Method = method, RelativeTarget = 0.01, MaxApplications = 150 }, TestCompute.Auto, new RandomStream(seed));
                    squares += Math.Pow(result.Trace.Mean - exact, 2) / Seeds;
                    bias += (result.Trace.Mean - exact) / Seeds;
                    claimed += Math.Pow(result.Trace.StandardError, 2) / Seeds;
                    used += (double)result.OperatorApplications / Seeds;
                    met += result.IsWithinTarget ? 1.0 / Seeds : 0;
                    target += result.Target / Seeds;
                }
                output.WriteLine($"STOP {law.Name,-30} {method,-14}: products {used:G4} met {met:P0} target {target:G4} rmse {Math.Sqrt(squares):G4} ratio {Math.Sqrt(squares / claimed):G4} bias/se {bias / Math.Sqrt(squares / Seeds):G3}");
            }
        }
    }
}
