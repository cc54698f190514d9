using Eigenscope.Experiments.Runs;
using Eigenscope.Testing;
using Eigenscope.Testing.Files;

namespace Eigenscope.Experiments.Tests.Runs;

public sealed class HomeFolderTests
{
    [Fact]
    public void The_choice_of_the_user_is_taken_and_otherwise_a_folder_of_the_program()
    {
        Assert.Equal(Path.GetFullPath("chosen"), HomeFolder.Resolve("chosen").Path);
        Assert.Equal("eigenscope", Path.GetFileName(HomeFolder.Resolve(null).Path));
        Assert.Equal(HomeFolder.Resolve(null), HomeFolder.Resolve(""));
    }

    [Fact]
    public void Interrupted_runs_of_one_second_do_not_overwrite_each_other()
    {
        using TemporaryFolder folder = new();
        ManualClock clock = new();
        HomeFolder home = HomeFolder.Resolve(folder["home"]);

        string[] paths = [home.CreateReportPath("data list", clock), home.CreateReportPath("data list", clock), home.CreateReportPath("data list", clock)];

        Assert.Equal(
            ["20260131T235958Z-data-list", "20260131T235958Z-data-list-2", "20260131T235958Z-data-list-3"],
            paths.Select(path => Path.GetRelativePath(home.Runs, Path.GetDirectoryName(path)!)));
        Assert.All(paths, path => Assert.True(Directory.Exists(Path.GetDirectoryName(path))));
    }
}
