using Eigenscope.Experiments.Doctor;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Reports.Pages;

namespace Eigenscope.Cli.Tests.Support;

/// <summary>Reports made by hand.</summary>
internal static class Reports
{
    public const string LongFinding = "The last layer's input is collapsed: within-class variability is 0.0123 of the between-class one, and the class means are within 0.01 of a simplex frame.";

    public static readonly SummaryTable Wide = new(
        "Spectra of every operator",
        [new("operator", false), new("scope", false), new("dimension", true), new("largest", true), new("residual", true), new("applications", true), new("multiplicity", true), new("verdict", false)],
        [
            ["hessian", "1.weight", "8192", "123.456", "1.0e-9", "1200", "10", "converged: every residual is below the tolerance that was asked for"],
            ["gauss-newton", "all", "41482", "-7.5", "2.5e-9", "40", "1", "budget exhausted"],
        ],
        ["A note that is itself longer than eighty characters, so that a terminal has to wrap it at a word and a pipe must not."]);

    public static Report Create(bool isConverged = true, bool isPartial = false) => new()
    {
        Command = "doctor",
        Version = "0.1.0",
        Environment = new RunEnvironment("managed", null, 1, "float64", "a machine", ".NET"),
        Config = new Dictionary<string, object?>(StringComparer.Ordinal),
        Result = new DoctorResult([new DoctorCheck("a", true, "b")]),
        IsConverged = isConverged,
        IsPartial = isPartial,
        Findings = [LongFinding],
        Tables = [Wide],
        Page = new Lazy<ReportPage>(static () => new ReportPage { Title = "A title", Subtitle = "a subtitle", Generator = "Eigenscope", Findings = [LongFinding], Facts = [], Sections = [] }),
        Arrays = new Lazy<IReadOnlyList<NamedArray>>(static () => [new NamedArray("mean", [1.0, 2.0], [2])]),
    };
}
