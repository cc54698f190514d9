using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Eigenscope.Experiments.Reports.Pages;

namespace Eigenscope.Pages.Tests.Support;

/// <summary>A page as it was written, taken apart.</summary>
internal sealed partial class Written
{
    public Written(ReportPage page)
    {
        using MemoryStream stream = new();
        HtmlPage.Write(page, stream);
        Html = Encoding.UTF8.GetString(stream.ToArray());
        Script = Between(Html[Html.LastIndexOf("<script>", StringComparison.Ordinal)..], "<script>", "</script>");
        Style = Between(Html, "<style>", "</style>");
        Data = Between(Html, "id=\"page-data\">", "</script>");
        Markup = Html.Replace(Script, "", StringComparison.Ordinal).Replace(Style, "", StringComparison.Ordinal).Replace(Data, "", StringComparison.Ordinal);
    }

    /// <summary>Everything.</summary>
    public string Html { get; }

    /// <summary>Without script, styles and data.</summary>
    public string Markup { get; }

    public string Script { get; }

    public string Style { get; }

    public string Data { get; }

    /// <summary>The data as its reader sees it.</summary>
    public JsonElement Figures
    {
        get
        {
            using JsonDocument document = JsonDocument.Parse(Data);
            return document.RootElement.Clone();
        }
    }

    /// <summary>All tags of the markup, in order: "p", "/p".</summary>
    public IReadOnlyList<string> Tags => [.. Tag().Matches(Markup).Select(static match => match.Groups["name"].Value)];

    /// <summary>All attributes of the markup with their values as written.</summary>
    public IReadOnlyList<(string Name, string Value)> Attributes => [.. Tag().Matches(Markup).SelectMany(static tag => AttributePair().Matches(tag.Groups["rest"].Value)).Select(static match => (match.Groups["name"].Value, match.Groups["value"].Value))];

    public static string Between(string text, string start, string end)
    {
        int from = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        Assert.True(from >= start.Length, $"no {start}");
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }

    [GeneratedRegex("""<(?<name>/?[a-zA-Z!][a-zA-Z0-9]*)(?<rest>(?:"[^"]*"|[^>"])*)>""")]
    private static partial Regex Tag();

    [GeneratedRegex("""(?<name>[a-z-]+)="(?<value>[^"]*)(?:")""")]
    private static partial Regex AttributePair();
}
