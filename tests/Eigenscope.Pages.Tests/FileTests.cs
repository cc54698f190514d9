using Eigenscope.Pages.Tests.Support;
using Eigenscope.Testing.Files;

namespace Eigenscope.Pages.Tests;

/// <summary>Writing to files.</summary>
public sealed class FileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_is_replaced_and_nothing_else_is_left()
    {
        _folder.Write("page.html", "older");

        HtmlPage.Write(SamplePage.Create(), _folder["page.html"]);

        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(_folder["page.html"]), StringComparison.Ordinal);
        Assert.Equal(["page.html"], _folder.Entries);
    }

    [Fact]
    public void A_page_that_cannot_be_written_leaves_the_older_file()
    {
        _folder.Write("page.html", "older");
        Experiments.Reports.Pages.ReportPage page = SamplePage.Create() with { Findings = null! };

        Assert.ThrowsAny<Exception>(() => HtmlPage.Write(page, _folder["page.html"]));

        Assert.Equal("older", File.ReadAllText(_folder["page.html"]));
        Assert.Equal(["page.html"], _folder.Entries);
    }

    [Fact]
    public void Arguments_that_are_null_are_named()
    {
        Assert.Throws<ArgumentNullException>("page", () => HtmlPage.Write(null!, new MemoryStream()));
        Assert.Throws<ArgumentNullException>("stream", () => HtmlPage.Write(SamplePage.Create(), (Stream)null!));
    }
}
