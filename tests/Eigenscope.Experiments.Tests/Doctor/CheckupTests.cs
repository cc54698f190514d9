using Eigenscope.Experiments.Doctor;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Testing.Files;

namespace Eigenscope.Experiments.Tests.Doctor;

public sealed class CheckupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_sound_machine_passes_what_does_not_depend_on_its_load()
    {
        Report report = Run(new RunSettings { Blas = "managed", Home = _folder["home/eigenscope"], Threads = 1 });

        Dictionary<string, DoctorCheck> checks = ((DoctorResult)report.Result).Checks.ToDictionary(check => check.Name, StringComparer.Ordinal);
        foreach (string name in (string[])["runtime", "dense kernels", "threads", "matrix product float32", "matrix product float64", "home", "data"])
            Assert.True(checks[name].Ok, $"{name}: {checks[name].Detail}");
        Assert.Contains("digits (embedded)", checks["data"].Detail, StringComparison.Ordinal);
        Assert.Equal(checks.Count, report.Tables[0].Rows.Count);
        Assert.Empty(_folder.Entries);
    }

    [Fact]
    public void What_is_wrong_is_found_and_comes_with_what_to_do()
    {
        string file = _folder.Write("file", "text");

        DoctorResult result = (DoctorResult)Run(new RunSettings { Blas = "managed", Home = Path.Combine(file, "home"), DataFolder = _folder["none"], Threads = 1000 }).Result;

        AssertWrong(result, "home", "EIGENSCOPE_HOME");
        AssertWrong(result, "data", "EIGENSCOPE_DATA");
        AssertWrong(result, "threads", "1000 on ");
    }

    [Fact]
    public void A_cancelled_checkup_stops() =>
        Assert.Throws<OperationCanceledException>(() => Checkup.Run(new RunSettings { Blas = "managed" }, null, TimeProvider.System, new CancellationToken(canceled: true)));

    private static Report Run(RunSettings settings) => Checkup.Run(settings, null, TimeProvider.System, CancellationToken.None);

    private static void AssertWrong(DoctorResult result, string name, string fragment)
    {
        DoctorCheck check = Assert.Single(result.Checks, check => string.Equals(check.Name, name, StringComparison.Ordinal));
        Assert.False(check.Ok);
        Assert.Contains(fragment, check.Detail, StringComparison.Ordinal);
    }
}
