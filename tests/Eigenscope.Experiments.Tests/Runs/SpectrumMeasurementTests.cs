using Eigenscope.Experiments.Runs;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;
using Eigenscope.Testing.Spectra;

namespace Eigenscope.Experiments.Tests.Runs;

public sealed class SpectrumMeasurementTests
{
    private const int Dimension = 200;

    [Fact]
    public void Products_that_are_not_finite_leave_the_trace_out_with_its_reason()
    {
        MeasuredSpectrum measured = Measure(new NanOperator(Dimension), CancellationToken.None);

        Assert.Equal("non-finite", measured.Report.Status);
        Assert.Null(measured.Report.Trace);
        Assert.Equal("a product held a NaN or an infinity", measured.Report.TraceReason);
    }

    [Fact]
    public void An_interrupted_solve_leaves_the_trace_out_with_its_reason()
    {
        MeasuredSpectrum measured = Measure(new PrescribedSpectrumOperator(Spectrum()), new CancellationToken(canceled: true));

        Assert.Equal("interrupted", measured.Report.Status);
        Assert.Null(measured.Report.Trace);
        Assert.Contains("interrupted", measured.Report.TraceReason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_solve_that_converged_estimates_the_trace_within_its_error()
    {
        MeasuredSpectrum measured = Measure(new PrescribedSpectrumOperator(Spectrum()), CancellationToken.None);

        Assert.Null(measured.Report.TraceReason);
        double trace = Spectrum().Sum();
        Assert.InRange(measured.Report.Trace!.Mean, trace - (5.0 * measured.Report.Trace.StandardError), trace + (5.0 * measured.Report.Trace.StandardError));
    }

    private static double[] Spectrum() => [.. Enumerable.Range(0, Dimension).Select(static i => Math.Exp(-0.2 * i))];

    private static MeasuredSpectrum Measure(LinearOperator operand, CancellationToken cancellation)
    {
        Compute compute = new(BlasBackends.Load(BlasChoice.Managed).Backend, 1);
        return new SpectrumMeasurement(compute, new RandomStream(1), samples: 1, includesWeightDecay: false, cancellation).Measure("hessian", "all", operand, new EigenOptions { Top = 3, DenseLimit = 0 });
    }

    private sealed class NanOperator(int dimension) : LinearOperator(dimension, dimension, OperatorStructure.Symmetric)
    {
        protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
        {
            for (int i = 0; i < y.Rows; i++)
                y.Row(i).Fill(double.NaN);
        }

        protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => ApplyCore(x, y);
    }
}
