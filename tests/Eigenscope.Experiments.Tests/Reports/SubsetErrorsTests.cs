using Eigenscope.Analysis;
using Eigenscope.Experiments.Reports;

namespace Eigenscope.Experiments.Tests.Reports;

/// <summary>What is said of the doubt of a subset, and of what did not converge.</summary>
public sealed class SubsetErrorsTests
{
    private static readonly PapyanPartReport Exact = new(Number.Of(1.0), Number.Of(1.0), [1.0]);

    [Fact]
    public void An_error_stands_behind_its_number_only_where_both_are()
    {
        Assert.Equal("0.0123 ± 0.0021", Format.Text(Number.Of(0.0123), Number.Of(2.1e-3)));
        Assert.Equal("0.0123", Format.Text(Number.Of(0.0123), null));
        Assert.Equal("0.0123", Format.Text(Number.Of(0.0123), Number.Undefined("single samples")));
        Assert.Equal("–", Format.Text(Number.Undefined("zero"), Number.Of(1.0)));
    }

    [Fact]
    public void Eigenvalues_carry_theirs_as_far_as_the_list_goes()
    {
        SpectrumReport spectrum = Spectrum("hessian", "all") with { EigenvalueStandardErrors = [0.5, 0.25] };

        Assert.Equal(["9 ± 0.5", "5 ± 0.25", "2", "–"], Enumerable.Range(1, 4).Select(rank => SubsetErrors.At(spectrum, rank)));
    }

    [Fact]
    public void Reasons_are_told_once_and_nothing_is_said_where_all_samples_are_measured()
    {
        SpectrumReport[] spectra = [.. new[] { "a", "b", "c", "d", "e" }.Select(static scope => Spectrum("hessian", scope) with { EigenvalueStandardErrorsReason = "too costly" }), Spectrum("fisher", "all") with { EigenvalueStandardErrors = [0.5] }];

        Assert.Equal(["No ± for hessian a, hessian b, hessian c, hessian d and 1 more: too costly."], SubsetErrors.Missing(spectra));
        Assert.Empty(SubsetErrors.Doubts([], null, [Spectrum("hessian", "all")]));
    }

    [Fact]
    public void A_page_says_what_the_errors_mean_and_where_a_bias_exceeds_them()
    {
        SpectrumReport spectrum = Spectrum("hessian", "all") with { EigenvalueStandardErrors = [0.5, 0.25], EigenvalueBiases = [0.75, -0.1], EigenvalueSplits = 3 };
        string[] points = [.. SubsetErrors.Doubts([], null, [spectrum])];

        Assert.Equal(3, points.Length);
        Assert.StartsWith("Only a part of the training samples is measured.", points[0], StringComparison.Ordinal);
        Assert.Equal("hessian all: standard errors rest on 3 of 4 splits into halves; in the others a half did not converge.", points[1]);
        Assert.Equal("hessian all: of the 2 eigenvalues with ±, 1 differs from those of all training samples by a bias larger than the standard error, the largest by 0.75.", points[2]);
    }

    [Fact]
    public void Parts_that_were_iterated_for_count_as_spectra_do()
    {
        PapyanPartReport reached = Iterated("converged", 2e-9), open = Iterated("budget-exhausted", 0.1);
        SpectrumReport[] spectra = [Spectrum("hessian", "all")];

        Assert.True(SpectrumFindings.HaveConverged(spectra, null, []));
        Assert.True(SpectrumFindings.HaveConverged(spectra, Parts(reached), []));
        Assert.False(SpectrumFindings.HaveConverged(spectra, Parts(open), []));
        Assert.False(SpectrumFindings.HaveConverged([spectra[0] with { Status = "budget-exhausted" }], Parts(reached), []));
        Assert.Equal(["within-class part of all"], PartsSummary.Iterated(Parts(open), []).Select(static entry => entry.Name));
    }

    [Fact]
    public void The_verdict_counts_spectra_and_parts_apart()
    {
        SpectrumReport[] spectra = [Spectrum("hessian", "all")];
        (string, PapyanPartReport) reached = ("within-class part of all", Iterated("converged", 2e-4)), open = ("within-class part of 1.weight", Iterated("budget-exhausted", 0.1));

        Assert.Equal("All 1 spectra converged; the largest residual is 1.0e-9.", SpectrumFindings.Verdict(spectra, []));
        Assert.Equal("All 1 spectra and 1 part of Gauss–Newton matrices that was iterated for converged; the largest residual is 1.0e-9, of the parts 2.0e-4.", SpectrumFindings.Verdict(spectra, [reached]));
        Assert.Equal("Of 2 parts of Gauss–Newton matrices that were iterated for, 1 did not converge: within-class part of 1.weight (budget-exhausted).", SpectrumFindings.Verdict(spectra, [reached, open]));
        Assert.Equal("1 of 1 spectra did not converge: hessian all (interrupted).", SpectrumFindings.Verdict([spectra[0] with { Status = "interrupted" }], []));
        Assert.Equal("No spectrum was computed.", SpectrumFindings.Verdict([], []));
    }

    private static PapyanPartReport Iterated(string status, double residual) => Exact with { Status = status, Residuals = [residual], Tolerance = 1e-3 };

    private static PapyanReport Parts(PapyanPartReport within) => new(Number.Of(3.0), within, Exact, Exact, Number.Of(0.0));

    private static SpectrumReport Spectrum(string name, string scope) => new()
    {
        Operator = name,
        Scope = scope,
        Dimension = 10,
        Samples = 10,
        IncludesWeightDecay = false,
        Method = "block-lanczos",
        Complete = false,
        Eigenvalues = [9.0, 5.0, 2.0],
        Residuals = [1e-9, 0.0, 0.0],
        Smallest = [],
        SmallestResiduals = [],
        Multiplicities = [],
        MultiplicityTolerance = 1e-8,
        Status = "converged",
        Message = "",
        OperatorApplications = 10,
        Trace = null,
    };
}
