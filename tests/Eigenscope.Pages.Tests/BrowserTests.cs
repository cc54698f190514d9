using Eigenscope.Pages.Tests.Support;
using Eigenscope.Testing.Files;

namespace Eigenscope.Pages.Tests;

/// <summary>What the script makes of a page, in a real browser where there is one.</summary>
public sealed class BrowserTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BrowserFact]
    public void Every_open_figure_is_drawn_and_no_hostile_text_acts()
    {
        string file = _folder["page.html"];
        HtmlPage.Write(SamplePage.Create("<img src=x onerror=\"document.title='broken'\">"), file);

        (string document, string messages) = Browser.Open(file, _folder["profile"]);

        Assert.DoesNotContain("CONSOLE", messages, StringComparison.Ordinal);
        foreach (string id in new[] { "spectrum", "lines", "multiples", "phase", "heat", "bars", "density", "density-log", "levels", "in-open" })
            Assert.Contains("<svg", Written.Between(document, $" id=\"{id}\">", "</figure>"), StringComparison.Ordinal);
        Assert.DoesNotContain("<svg", Written.Between(document, " id=\"in-folded\">", "</figure>"), StringComparison.Ordinal);
        Assert.Contains("<math", document, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", document[..document.IndexOf("<script", StringComparison.Ordinal)], StringComparison.Ordinal);
        Assert.DoesNotContain("<title>broken", document, StringComparison.Ordinal);
    }
}
