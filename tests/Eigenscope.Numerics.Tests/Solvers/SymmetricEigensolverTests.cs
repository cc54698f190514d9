using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Testing.Spectra;

namespace Eigenscope.Numerics.Tests.Solvers;

public sealed class SymmetricEigensolverTests
{
    private const int Dimension = 300;

    private static readonly EigenOptions Iterative = new() { Top = 6, DenseLimit = 0 };

    [Fact]
    public void Nothing_asked_for_costs_nothing()
    {
        PrescribedSpectrumOperator a = HardSpectra.PowerLaw(Dimension, 1).Operator();
        EigenPairs pairs = Solve(a, new EigenOptions { Top = 0 });
        Assert.Empty(pairs.Values);
        Assert.Empty(pairs.Multiplicities);
        Assert.Equal(ConvergenceStatus.Converged, pairs.Convergence.Status);
        Assert.Equal(0, a.Applications);
    }

    [Fact]
    public void Dimension_zero_is_complete_and_empty()
    {
        EigenPairs pairs = Solve(new IdentityOperator(0), new EigenOptions { Top = 3 });
        Assert.True(pairs.IsComplete);
        Assert.Empty(pairs.Values);
        Assert.Equal(ConvergenceStatus.Converged, pairs.Convergence.Status);
    }

    [Theory]
    [InlineData(8, 20, 0, 124)]
    [InlineData(20, 401, 5, 546)]
    [InlineData(128, 97, 0, 993)]
    public void The_room_that_a_solve_needs_can_be_asked_for_before_it(int block, int top, int bottom, long expected)
    {
        const int Huge = 20_000_000;
        EigenOptions options = new() { Top = top, Bottom = bottom, BlockSize = block, DenseLimit = 0 };
        Assert.Equal(expected, SymmetricEigensolver.LeastVectors(Huge, options));
        // No array holds so many vectors of that length: the solve itself says how many it would have needed.
        ArgumentException refused = Assert.Throws<ArgumentException>(() => Solve(new IdentityOperator(Huge), options));
        Assert.Contains(FormattableString.Invariant($"got {expected} vectors of {Huge}"), refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Dimension_one_is_its_entry(int denseLimit)
    {
        EigenPairs pairs = Solve(new DiagonalOperator([-7.25]), new EigenOptions { Top = 1, DenseLimit = denseLimit });
        Assert.Equal([-7.25], pairs.Values);
        Assert.True(pairs.IsComplete);
        Assert.Equal(1.0, Math.Abs(pairs.Vectors![0, 0]), 1e-15);
    }

    [Fact]
    public void All_pairs_are_found_by_iteration()
    {
        HardSpectrum spectrum = HardSpectra.PlusMinus(60);
        EigenPairs pairs = Solve(spectrum.Operator(), new EigenOptions { Top = 60, DenseLimit = 0 });
        Assert.Equal(ConvergenceStatus.Converged, pairs.Convergence.Status);
        Assert.True(pairs.IsComplete);
        for (int i = 0; i < 60; i++)
            Assert.Equal(spectrum.Eigenvalues[i], pairs.Values[i], 1e-12);
    }

    [Fact]
    public void More_pairs_than_exist_end_with_an_invariant_subspace()
    {
        EigenPairs pairs = Solve(new DiagonalOperator([3, 1, 2]), new EigenOptions { Top = 5, DenseLimit = 0 });
        Assert.Equal(ConvergenceStatus.InvariantSubspace, pairs.Convergence.Status);
        Assert.True(pairs.IsComplete);
        Assert.Equal(3, pairs.Values.Count);
        Assert.Equal([3, 2, 1], pairs.Values.Select(value => Math.Round(value, 12)));
    }

    [Fact]
    public void The_two_ends_may_overlap()
    {
        EigenPairs pairs = Solve(new DiagonalOperator([4, 1, 3, 2]), new EigenOptions { Top = 3, Bottom = 3, DenseLimit = 0 });
        Assert.Equal(ConvergenceStatus.Converged, pairs.Convergence.Status);
        Assert.Equal([4, 3, 2], pairs.Values.Select(value => Math.Round(value, 12)));
        Assert.Equal([1, 2, 3], pairs.Smallest.Select(value => Math.Round(value, 12)));
        Assert.False(pairs.IsComplete);
    }

    [Fact]
    public void A_nan_in_the_residual_check_is_not_called_converged()
    {
        int needed = Solve(HardSpectra.PowerLaw(Dimension, 2).Operator(), Iterative).Convergence.OperatorApplications;
        PrescribedSpectrumOperator clean = HardSpectra.PowerLaw(Dimension, 2).Operator();
        int count = 0;
        FunctionOperator a = new(Dimension, (x, y) =>
        {
            clean.Apply(x, y);
            if (++count == needed)
                y[0] = double.NaN;
        });
        EigenPairs pairs = Solve(a, Iterative);
        Assert.Equal(ConvergenceStatus.NonFinite, pairs.Convergence.Status);
        Assert.Equal(6, pairs.Values.Count);
        Assert.All(pairs.Residuals, residual => Assert.True(double.IsFinite(residual)));
    }

    [Fact]
    public void Exhausted_budgets_report_what_was_there()
    {
        PrescribedSpectrumOperator a = HardSpectra.PowerLaw(Dimension, 0.3).Operator();
        EigenPairs pairs = Solve(a, Iterative with { MaxApplications = 40, Tolerance = 1e-10 });
        Assert.Equal(ConvergenceStatus.BudgetExhausted, pairs.Convergence.Status);
        Assert.False(pairs.Convergence.IsConverged);
        Assert.InRange(a.Applications, 1, 40);
        Assert.Equal(a.Applications, pairs.Convergence.OperatorApplications);
        Assert.Equal(6, pairs.Values.Count);
        Assert.True(pairs.Convergence.MaxResidual > 1e-10);
        Assert.Equal(pairs.Residuals.Max(), pairs.Convergence.MaxResidual);
        Assert.Contains("budget of 40 products", pairs.Convergence.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_budget_that_ends_during_the_last_search_is_not_called_converged()
    {
        HardSpectrum spectrum = HardSpectra.PowerLaw(Dimension, 2);
        int needed = Solve(spectrum.Operator(), Iterative).Convergence.OperatorApplications;
        EigenPairs pairs = Solve(spectrum.Operator(), Iterative with { MaxApplications = needed - 5 });
        Assert.Equal(ConvergenceStatus.BudgetExhausted, pairs.Convergence.Status);
        Assert.InRange(pairs.Convergence.MaxResidual, 0, Iterative.Tolerance);
        Assert.Contains("search for missed eigenvalues", pairs.Convergence.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Non_finite_products_end_the_solve_with_what_was_found(double poison)
    {
        int count = 0;
        FunctionOperator a = new(Dimension, (x, y) =>
        {
            for (int i = 0; i < x.Length; i++)
                y[i] = x[i] / (i + 1);
            if (++count > 30)
                y[7] = poison;
        });
        EigenPairs pairs = Solve(a, Iterative);
        Assert.Equal(ConvergenceStatus.NonFinite, pairs.Convergence.Status);
        Assert.Equal(6, pairs.Values.Count);
        Assert.All(pairs.Values, value => Assert.True(double.IsFinite(value)));
        Assert.Equal(1.0, pairs.Values[0], 1e-3);
        Assert.Contains("recurrence", pairs.Convergence.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_non_finite_operator_finds_nothing(int denseLimit)
    {
        EigenPairs pairs = Solve(new DiagonalOperator([1, double.NaN, 2]), Iterative with { DenseLimit = denseLimit });
        Assert.Equal(ConvergenceStatus.NonFinite, pairs.Convergence.Status);
        Assert.Empty(pairs.Values);
        Assert.True(double.IsNaN(pairs.Convergence.MaxResidual));
    }

    [Fact]
    public void Cancellation_returns_the_pairs_there_are()
    {
        using CancellationTokenSource source = new();
        int count = 0;
        FunctionOperator a = new(Dimension, (x, y) =>
        {
            for (int i = 0; i < x.Length; i++)
                y[i] = x[i] / (i + 1);
            if (++count == 30)
                source.Cancel();
        });
        EigenPairs pairs = Solve(a, Iterative, cancellation: source.Token);
        Assert.Equal(ConvergenceStatus.Interrupted, pairs.Convergence.Status);
        Assert.InRange(a.Applications, 30, 31);
        Assert.Equal(6, pairs.Values.Count);
        Assert.Equal(1.0, pairs.Values[0], 1e-3);
        Assert.True(pairs.Convergence.MaxResidual > 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Cancellation_before_the_first_product_returns_nothing(int denseLimit)
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        PrescribedSpectrumOperator a = HardSpectra.PowerLaw(Dimension, 1).Operator();
        EigenPairs pairs = Solve(a, Iterative with { DenseLimit = denseLimit }, cancellation: source.Token);
        Assert.Equal(ConvergenceStatus.Interrupted, pairs.Convergence.Status);
        Assert.Empty(pairs.Values);
        Assert.Equal(0, a.Applications);
    }

    [Fact]
    public void Operators_not_declared_symmetric_are_refused()
    {
        LinearOperator a = new DiagonalOperator([1, 2]).Add(new DenseOperator(new(2, 2), TestCompute.Auto));
        ArgumentException error = Assert.Throws<ArgumentException>(() => Solve(a, Iterative));
        Assert.Equal("operand", error.ParamName);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_false_promise_of_symmetry_is_found_out(int denseLimit)
    {
        FunctionOperator shear = new(Dimension, (x, y) =>
        {
            for (int i = 0; i < x.Length; i++)
                y[i] = (2 * x[i]) + (0.1 * x[(i + 1) % x.Length]);
        });
        ArgumentException error = Assert.Throws<ArgumentException>(() => Solve(shear, Iterative with { DenseLimit = denseLimit }));
        Assert.Contains("declared symmetric", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rounding_to_float32_is_not_taken_for_asymmetry_and_has_its_verdict()
    {
        double[] spectrum = [.. Enumerable.Range(0, Dimension).Select(i => Math.Pow(i + 1, -1.5))];
        PrescribedSpectrumOperator exact = new(spectrum);
        FunctionOperator rounded = new(Dimension, (x, y) =>
        {
            exact.Apply(x, y);
            for (int i = 0; i < y.Length; i++)
                y[i] = (float)y[i];
        });
        EigenPairs strict = Solve(rounded, Iterative with { Tolerance = 1e-12, MaxApplications = 5000 });
        Assert.Equal(ConvergenceStatus.BudgetExhausted, strict.Convergence.Status);
        Assert.InRange(strict.Convergence.MaxResidual, 1e-12, 1e-6);
        EigenPairs loose = Solve(rounded, Iterative with { Tolerance = 1e-5 });
        Assert.Equal(ConvergenceStatus.Converged, loose.Convergence.Status);
        Assert.Equal(1.0, loose.Values[0], 1e-5);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Same_seed_gives_the_same_bits(int denseLimit)
    {
        HardSpectrum spectrum = HardSpectra.OutliersOverBulk(Dimension, 3);
        EigenPairs first = Solve(spectrum.Operator(), Iterative with { Top = 9, DenseLimit = denseLimit });
        EigenPairs second = Solve(spectrum.Operator(), Iterative with { Top = 9, DenseLimit = denseLimit });
        Assert.Equal(first.Values, second.Values);
        Assert.Equal(first.Residuals, second.Residuals);
        Assert.True(first.Vectors!.Span.SequenceEqual(second.Vectors!.Span));
    }

    [Fact]
    public void Restarts_in_a_small_basis_still_converge()
    {
        HardSpectrum spectrum = HardSpectra.PowerLaw(1000, 1);
        PrescribedSpectrumOperator a = spectrum.Operator();
        EigenPairs pairs = Solve(a, new EigenOptions { Top = 12, DenseLimit = 0, MaxBasis = 47, Tolerance = 1e-9 });
        Assert.Equal(ConvergenceStatus.Converged, pairs.Convergence.Status);
        Assert.True(a.Applications > 60, "a basis of 47 vectors must have been restarted");
        for (int i = 0; i < 12; i++)
            Assert.Equal(spectrum.Eigenvalues[i], pairs.Values[i], 1e-9);
    }

    [Fact]
    public void Vectors_are_left_out_on_request()
    {
        EigenPairs pairs = Solve(HardSpectra.PowerLaw(Dimension, 1).Operator(), Iterative with { KeepVectors = false, Bottom = 1, Tolerance = 1e-3 });
        Assert.Null(pairs.Vectors);
        Assert.Null(pairs.SmallestVectors);
        Assert.Null(Solve(HardSpectra.PowerLaw(Dimension, 1).Operator(), new EigenOptions { KeepVectors = false }).Vectors);
    }

    [Fact]
    public void Progress_counts_up_to_the_wanted_pairs()
    {
        List<EigenProgress> reports = [];
        EigenPairs pairs = Solve(HardSpectra.PowerLaw(Dimension, 1).Operator(), Iterative, new Recorder(reports));
        Assert.NotEmpty(reports);
        Assert.Equal(reports.Select(report => report.Applications).Order(), reports.Select(report => report.Applications));
        Assert.All(reports, report => Assert.Equal(6, report.Wanted));
        Assert.Equal(6, reports[^1].Converged);
        Assert.Equal(1600, reports[^1].MaxApplications);
        Assert.True(reports[^1].Applications <= pairs.Convergence.OperatorApplications);
    }

    [Fact]
    public void Wrong_options_are_listed_together()
    {
        EigenOptions wrong = new() { Top = -1, Bottom = -2, Tolerance = double.NaN, BlockSize = -1, MaxBasis = -1, MaxApplications = -1, DenseLimit = -2 };
        ArgumentException error = Assert.Throws<ArgumentException>(() => Solve(new IdentityOperator(3), wrong));
        Assert.Equal("options", error.ParamName);
        Assert.All(new[] { "Top", "Bottom", "Tolerance", "BlockSize", "MaxBasis", "MaxApplications", "DenseLimit" }, name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Any_thread_count_gives_the_same_values(int threads)
    {
        HardSpectrum spectrum = HardSpectra.Repeated(3000);
        EigenPairs pairs = SymmetricEigensolver.Solve(spectrum.Operator(), new EigenOptions { Top = 12, DenseLimit = 0 }, new Compute(TestCompute.Auto.Blas, threads), new RandomStream(3));
        Assert.Equal([2, 2, 2, 2, 2, 2], pairs.Multiplicities.Select(group => group.Count));
        for (int i = 0; i < 12; i++)
            Assert.Equal(spectrum.Eigenvalues[i], pairs.Values[i], 1e-8);
    }

    private static EigenPairs Solve(LinearOperator a, EigenOptions options, IProgress<EigenProgress>? progress = null, CancellationToken cancellation = default) =>
        SymmetricEigensolver.Solve(a, options, TestCompute.Auto, new RandomStream(9), progress, cancellation);

    private sealed class Recorder(List<EigenProgress> reports) : IProgress<EigenProgress>
    {
        public void Report(EigenProgress value) => reports.Add(value);
    }
}
