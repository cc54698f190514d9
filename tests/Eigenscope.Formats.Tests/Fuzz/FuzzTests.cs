using System.Globalization;
using Xunit.Abstractions;

namespace Eigenscope.Formats.Tests.Fuzz;

/// <summary>Every reader against damaged files. <c>EIGENSCOPE_FUZZ</c> is the number of inputs for each; the first ones are always the same.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int UsualInputs = 2000;

    public static TheoryData<string> Names => [.. FuzzTargets.All.Select(static target => target.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Damaged_files_are_read_or_refused_within_bounds(string name)
    {
        using TemporaryFolder folder = new();
        FuzzRun run = new(FuzzTargets.All.Single(target => target.Name == name), folder);
        run.Go(Environment.GetEnvironmentVariable("EIGENSCOPE_FUZZ") is { Length: > 0 } count ? int.Parse(count, CultureInfo.InvariantCulture) : UsualInputs);
        output.WriteLine(run.Summary);
        Assert.True(run.Failures.Count == 0, string.Join(Environment.NewLine, run.Failures));
    }
}
