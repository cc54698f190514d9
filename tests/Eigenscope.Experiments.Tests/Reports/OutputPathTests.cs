using Eigenscope.Experiments.Reports;
using Eigenscope.Testing.Files;

namespace Eigenscope.Experiments.Tests.Reports;

public sealed class OutputPathTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_new_file_in_an_existing_folder_is_accepted_and_nothing_is_left_behind()
    {
        OutputPath.RequireWritable("--json", _folder["new.json"]);

        Assert.Empty(_folder.Entries);
    }

    [Fact]
    public void An_existing_file_is_accepted_and_not_touched()
    {
        string path = _folder.Write("old.json", "before");

        OutputPath.RequireWritable("--json", path);

        Assert.Equal("before", File.ReadAllText(path));
        Assert.Equal(["old.json"], _folder.Entries);
    }

    [Fact]
    public void What_cannot_be_written_is_refused_by_option_and_path()
    {
        string file = _folder.Write("file", "text");
        string readOnly = _folder.Write("kept.json", "text");
        File.SetAttributes(readOnly, FileAttributes.ReadOnly);

        AssertRefused(_folder.Path, "is a folder");
        AssertRefused(_folder["missing/out.json"], "there is no folder");
        AssertRefused(Path.Combine(file, "out.json"), "there is no folder");
        AssertRefused(_folder["new"] + Path.DirectorySeparatorChar, "is a folder");
        AssertRefused(readOnly, "read-only");
        AssertRefused("", "empty");
        if (!OperatingSystem.IsWindows())
            AssertRefused("/dev/null", "is a device");
        File.SetAttributes(readOnly, FileAttributes.Normal);
    }

    private static void AssertRefused(string path, string reason)
    {
        UsageException refused = Assert.Throws<UsageException>(() => OutputPath.RequireWritable("--json", path));

        Assert.StartsWith("--json: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }
}
