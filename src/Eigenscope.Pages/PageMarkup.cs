using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Reports.Pages;

namespace Eigenscope.Pages;

/// <summary>The HTML of a page. All text goes through <see cref="Text"/>, all attributes through <see cref="Attribute"/>: both encode.</summary>
internal sealed partial class PageMarkup(TextWriter writer)
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private int _figures;
    private int _tables;

    public void Write(ReportPage page, PageBundle bundle)
    {
        WriteHead(page, bundle);
        Raw("<body>\n<a class=\"skip\" href=\"#findings\">Skip to the findings</a>\n");
        WriteHeader(page);
        WriteContents(page);
        Raw("<main>\n");
        WriteFindings(page);
        WriteFacts(page);
        foreach (PageSection section in page.Sections)
            WriteSection(section);
        Raw("</main>\n<footer><p>");
        Text(page.Generator);
        Raw("</p></footer>\n<script type=\"application/json\" id=\"page-data\">");
        Raw(PageData.Serialize(page));
        Raw("</script>\n<script>");
        Raw(bundle.Script);
        Raw("</script>\n</body>\n</html>\n");
    }

    private void WriteHead(ReportPage page, PageBundle bundle)
    {
        Raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\"");
        Attribute("content", $"default-src 'none'; script-src 'sha256-{bundle.ScriptHash}'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'");
        Raw(">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"generator\"");
        Attribute("content", page.Generator);
        Raw(">\n<title>");
        Text(page.Title);
        Raw("</title>\n<style>");
        Raw(bundle.Style);
        Raw("</style>\n</head>\n");
    }

    private void WriteHeader(ReportPage page)
    {
        Raw("<header class=\"masthead\">\n<div class=\"bar\"><p class=\"brand\">Eigenscope</p><button type=\"button\" id=\"theme\" hidden>Dark</button></div>\n");
        Element("h1", page.Title);
        Element("p", page.Subtitle, "subtitle");
        if (page.IsPartial)
            Element("p", "This run was interrupted: the page shows what was done so far.", "partial");
        Raw("<noscript><p class=\"partial\">The figures are drawn by a script inside this file, and scripts are switched off: findings, facts and tables are here without it.</p></noscript>\n</header>\n");
    }

    private void WriteContents(ReportPage page)
    {
        Raw("<nav aria-label=\"Contents\">\n<ol>\n");
        WriteLink("findings", "Findings");
        WriteLink("run", "What was run");
        foreach (PageSection section in page.Sections)
            WriteLink(section.Anchor, section.Title);
        Raw("</ol>\n</nav>\n");
    }

    private void WriteLink(string anchor, string title)
    {
        Raw("<li><a");
        Attribute("href", "#" + anchor);
        Raw(">");
        Text(title);
        Raw("</a></li>\n");
    }

    private void WriteFindings(ReportPage page)
    {
        Raw("<section id=\"findings\">\n<h2>Findings</h2>\n<ol class=\"findings\">\n");
        foreach (string finding in page.Findings)
            Element("li", finding);
        Raw("</ol>\n</section>\n");
    }

    private void WriteFacts(ReportPage page)
    {
        Raw("<section id=\"run\">\n<h2>What was run</h2>\n<div class=\"facts\">\n");
        foreach (PageFactGroup group in page.Facts)
        {
            Raw("<div>\n");
            Element("h3", group.Title);
            Raw("<dl>\n");
            foreach (PageFact fact in group.Facts)
            {
                Element("dt", fact.Label);
                Raw("<dd><bdi>");
                Text(fact.Value);
                Raw("</bdi></dd>\n");
            }
            Raw("</dl>\n</div>\n");
        }
        Raw("</div>\n</section>\n");
    }

    private void WriteSection(PageSection section)
    {
        Raw("<section");
        Attribute("id", section.Anchor);
        Raw(">\n");
        Element("h2", section.Title);
        WriteBody(section);
        if (section.Parts.Count > 1)
            Raw("<p class=\"folds\"><button type=\"button\" class=\"unfold\" hidden>Unfold or fold all</button></p>\n");
        foreach (PageSection part in section.Parts)
            WritePart(part);
        Raw("</section>\n");
    }

    private void WritePart(PageSection part)
    {
        Raw("<details class=\"part\"");
        Attribute("id", part.Anchor);
        Raw(part.IsOpen ? " open>\n<summary>" : ">\n<summary>");
        Element("h3", part.Title);
        if (part.Badge is { } badge)
            Element("strong", badge.Text, badge.Kind switch { PageBadgeKind.Good => "badge good", PageBadgeKind.Failed => "badge failed", _ => "badge" });
        if (part.Summary is { } summary)
            Element("span", summary);
        Raw("</summary>\n");
        WriteBody(part);
        Raw("</details>\n");
    }

    private void WriteBody(PageSection section)
    {
        if (section.Sentence is { } sentence)
            Element("p", sentence, "lead");
        if (section.Points.Count > 0)
        {
            Raw("<ul class=\"points\">\n");
            foreach (string point in section.Points)
                Element("li", point);
            Raw("</ul>\n");
        }
        foreach (PageCommand command in section.Commands)
            WriteCommand(command);
        if (section.Figures.Count > 0)
        {
            Raw("<div class=\"figures\">\n");
            foreach (PageFigure figure in section.Figures)
                WriteFigure(figure);
            Raw("</div>\n");
        }
        foreach (SummaryTable table in section.Tables)
            WriteTable(table);
    }

    private void WriteCommand(PageCommand command)
    {
        Raw("<p class=\"command\">");
        Text(command.Label);
        Raw(": <code>");
        Text(command.Line);
        Raw("</code></p>\n");
    }

    private void WriteFigure(PageFigure figure)
    {
        Raw(figure.IsWide ? "<figure class=\"chart wide\"" : "<figure class=\"chart\"");
        Attribute("id", figure.Id);
        Raw(">\n<figcaption>\n<h4><span class=\"number\">Figure ");
        Raw((++_figures).ToString(CultureInfo.InvariantCulture));
        Raw("</span> ");
        Text(figure.Title);
        Raw("</h4>\n");
        Element("p", figure.Sentence, "says");
        Raw("</figcaption>\n<div class=\"drawing\"><div class=\"plot\" role=\"img\"");
        Attribute("aria-label", $"{figure.Title}. {figure.Sentence}");
        Raw("></div></div>\n<div class=\"notes\">\n");
        if (figure is SpectrumFigure { Verdict: { } verdict, IsDoubtful: bool isDoubtful })
            Element("p", verdict, isDoubtful ? "verdict doubtful" : "verdict");
        if (figure.Note is { } note)
            Element("p", note, "note");
        Raw("</div>\n<div class=\"foot\"><div class=\"formula\"><code>");
        Text(figure.Formula);
        Raw("</code></div>\n<details class=\"numbers\" hidden><summary>Numbers</summary></details>\n<button type=\"button\" class=\"save\"");
        Attribute("aria-label", $"Save the figure \"{figure.Title}\" as SVG");
        Raw(" hidden>Save as SVG</button></div>\n</figure>\n");
    }

    private void WriteTable(SummaryTable table)
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"table-{++_tables}");
        Raw("<figure class=\"table\">\n<figcaption");
        Attribute("id", id);
        Raw("><span class=\"number\">Table ");
        Raw(_tables.ToString(CultureInfo.InvariantCulture));
        Raw("</span> ");
        Text(table.Title);
        Raw("</figcaption>\n<div class=\"scroll\" role=\"region\" tabindex=\"0\"");
        Attribute("aria-labelledby", id);
        Raw(">\n<table>\n<thead><tr>");
        foreach (SummaryColumn column in table.Columns)
            WriteCell("th scope=\"col\"", "th", column, column.Header);
        Raw("</tr></thead>\n<tbody>\n");
        foreach (IReadOnlyList<string> row in table.Rows)
        {
            Raw("<tr>");
            for (int i = 0; i < row.Count; i++)
                WriteCell("td", "td", table.Columns[i], row[i]);
            Raw("</tr>\n");
        }
        Raw("</tbody>\n</table>\n</div>\n");
        foreach (string note in table.Notes)
            Element("p", note, "note");
        Raw("</figure>\n");
    }

    private void WriteCell(string open, string close, SummaryColumn column, string text)
    {
        Raw($"<{open}{(column.IsNumeric ? " class=\"n\"" : "")}>");
        Text(text);
        Raw($"</{close}>");
    }

    private void Element(string name, string text, string? style = null)
    {
        Raw(style is null ? $"<{name}>" : $"<{name} class=\"{style}\">");
        Sentence(text);
        Raw($"</{name}>\n");
    }

    // Numbers are kept from breaking over lines, and get their powers of ten raised.
    private void Sentence(string text)
    {
        string whole = text.Replace(" %", "\u00a0%", StringComparison.Ordinal).Replace(" = ", "\u00a0=\u00a0", StringComparison.Ordinal);
        int start = 0;
        foreach (ValueMatch match in PowerOfTen().EnumerateMatches(whole))
        {
            int e = whole.IndexOf('e', match.Index);
            Text(whole[start..e]);
            Raw("\u202f×\u202f10<sup>");
            Text(whole[(e + 1)..(match.Index + match.Length)].Replace("+", "", StringComparison.Ordinal).Replace('-', '−'));
            Raw("</sup>");
            start = match.Index + match.Length;
        }
        Text(whole[start..]);
    }

    private void Attribute(string name, string value)
    {
        Raw($" {name}=\"");
        Text(value);
        Raw("\"");
    }

    private void Text(string text) => Encoder.Encode(writer, text);

    [GeneratedRegex(@"(?<![\w.=])\d+(\.\d+)?e[+-]\d+(?!\w)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PowerOfTen();

    private void Raw(string markup) => writer.Write(markup);
}
