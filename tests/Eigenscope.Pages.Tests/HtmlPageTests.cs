using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Eigenscope.Experiments.Reports.Pages;
using Eigenscope.Pages.Tests.Support;

namespace Eigenscope.Pages.Tests;

/// <summary>The file as such: what is in it, that nothing leaves it, and that text stays text.</summary>
public sealed class HtmlPageTests
{
    private const int MaxBundleBytes = 1_200_000;

    // Each ends an element, an attribute, a comment or a string if it is not encoded where it stands.
    private static readonly string[] Hostile =
    [
        "</script><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "<!--", "-->", "' onmouseover='alert(1)", "</style><style>*{display:none}", "]]>", "&lt;b&gt;", "{{x}}", "\\u003c", "a\u0000b\u202Ec", "×9 θ₁ ‖g‖ 類",
    ];

    public static TheoryData<string> HostileTexts() => [.. Hostile];

    [Fact]
    public void The_script_was_there_when_the_library_was_built() => Assert.True(HtmlPage.IsAvailable, "Eigenscope.Pages was built without Node.js, or without its packages: see the messages of the build");

    [Fact]
    public void Nothing_is_loaded_from_anywhere()
    {
        Written page = new(SamplePage.Create());

        string[] loading = ["src", "srcset", "data", "poster", "action", "formaction", "background", "cite", "manifest", "ping"];
        Assert.DoesNotContain(page.Attributes, attribute => loading.Contains(attribute.Name));
        Assert.All(page.Attributes.Where(static attribute => attribute.Name is "href"), static attribute => Assert.StartsWith("#", attribute.Value, StringComparison.Ordinal));
        string[] elements = ["link", "img", "iframe", "object", "embed", "base", "video", "audio", "source"];
        Assert.DoesNotContain(page.Tags, tag => elements.Contains(tag));
        Assert.DoesNotContain("@import", page.Style, StringComparison.Ordinal);
        Assert.All(page.Style.Split("url(").Skip(1), static url => Assert.StartsWith("data:", url.TrimStart('"', '\''), StringComparison.Ordinal));
    }

    [Fact]
    public void The_policy_forbids_all_but_the_script_of_the_page_itself()
    {
        Written page = new(SamplePage.Create());

        string policy = WebUtility.HtmlDecode(page.Attributes.First(static attribute => attribute.Name is "content").Value);
        string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(page.Script)));
        Assert.StartsWith("default-src 'none'; ", policy, StringComparison.Ordinal);
        Assert.Contains($"script-src 'sha256-{hash}';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("eval", policy, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_figure_has_its_place_a_sentence_a_formula_and_a_button()
    {
        ReportPage model = SamplePage.Create();
        Written page = new(model);

        Assert.Equal(["spectrum", "lines", "multiples", "phase", "heat", "bars", "density", "density-log", "levels", "in-open", "in-folded"], page.Figures.EnumerateArray().Select(static figure => figure.GetProperty("id").GetString()!));
        foreach (JsonElement figure in page.Figures.EnumerateArray())
        {
            string frame = Written.Between(page.Markup, $" id=\"{figure.GetProperty("id").GetString()}\">", "</figure>");
            Assert.Contains("<p class=\"says\">", frame, StringComparison.Ordinal);
            Assert.Contains("role=\"img\" aria-label=\"", frame, StringComparison.Ordinal);
            Assert.Contains(WebUtility.HtmlEncode(figure.GetProperty("formula").GetString()!), frame, StringComparison.Ordinal);
            Assert.Contains("Save as SVG</button>", frame, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_command_line_can_be_copied() =>
        Assert.Contains("<p class=\"command\">command plain: <code>eigenscope --weight-decay 1e-2 plain</code></p>", WebUtility.HtmlDecode(new Written(SamplePage.Create()).Markup), StringComparison.Ordinal);

    [Fact]
    public void Findings_facts_and_tables_need_no_script()
    {
        Written page = new(SamplePage.Create());

        Assert.Contains("<li>finding plain of 4.2\u202f×\u202f10<sup>−17</sup>, K\u00a0=\u00a03</li>", WebUtility.HtmlDecode(page.Markup), StringComparison.Ordinal);
        Assert.Contains("<dd><bdi>plain</bdi></dd>", page.Markup, StringComparison.Ordinal);
        Assert.Contains("<td class=\"n\">1.5</td>", page.Markup, StringComparison.Ordinal);
        Assert.Contains("<noscript>", page.Markup, StringComparison.Ordinal);
        Assert.Contains("<p class=\"verdict doubtful\">budget-exhausted plain</p>", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Findings_come_first()
    {
        string markup = new Written(SamplePage.Create()).Markup;
        int[] places = [.. new[] { "<h2>Findings</h2>", "<h2>What was run</h2>", "<h2>section plain</h2>", "<h2>Tables</h2>" }.Select(heading => markup.IndexOf(heading, StringComparison.Ordinal))];

        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    [Fact]
    public void A_folded_part_is_folded_and_an_open_one_open()
    {
        string markup = new Written(SamplePage.Create()).Markup;

        Assert.Contains("<details class=\"part\" id=\"part-1\" open>", markup, StringComparison.Ordinal);
        Assert.Contains("<details class=\"part\" id=\"part-2\">", markup, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public void Text_changes_neither_elements_nor_attributes(string text)
    {
        Written plain = new(SamplePage.Create());
        Written page = new(SamplePage.Create(text));

        Assert.Equal(plain.Tags, page.Tags);
        Assert.Equal(plain.Attributes.Select(static attribute => attribute.Name), page.Attributes.Select(static attribute => attribute.Name));
        Assert.Equal((plain.Script, plain.Style), (page.Script, page.Style));
    }

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public void The_script_reads_text_as_it_was(string text)
    {
        Written page = new(SamplePage.Create(text));

        Assert.DoesNotContain('<', page.Data);
        Assert.Equal(text, page.Figures[0].GetProperty("measured")[0].GetProperty("name").GetString());
        Assert.Equal(text, page.Figures[2].GetProperty("panels")[1].GetProperty("title").GetString());
        Assert.Equal(text, page.Figures[3].GetProperty("rows").GetProperty("names")[0].GetString());
        Assert.Equal(text, page.Figures[4].GetProperty("panels")[0].GetProperty("title").GetString());
        Assert.Equal($"says {text}", page.Figures[0].GetProperty("sentence").GetString());
    }

    [Fact]
    public void The_same_page_gives_the_same_bytes() => Assert.Equal(new Written(SamplePage.Create()).Html, new Written(SamplePage.Create()).Html);

    [Fact]
    public void What_every_page_carries_stays_small() => Assert.InRange(Encoding.UTF8.GetByteCount(new Written(SamplePage.Create()).Html), 1, MaxBundleBytes);

    [Fact]
    public void Numbers_keep_six_digits_and_gaps_stay_gaps()
    {
        ReportPage page = SamplePage.Create() with
        {
            Sections = [new PageSection { Title = "s", Anchor = "s", Figures = [SamplePage.Spectrum("one", "x") with { Measured = [new SpectrumSeries("m", [1, 2], [0.123456789, 1.5e-12])] }] }],
        };

        JsonElement values = new Written(page).Figures[0].GetProperty("measured")[0].GetProperty("values");

        Assert.Equal([0.123457, 1.5e-12], values.EnumerateArray().Select(static value => value.GetDouble()));
        JsonElement figures = new Written(SamplePage.Create()).Figures;
        Assert.Equal(JsonValueKind.Null, figures[1].GetProperty("lines")[0].GetProperty("y")[1].ValueKind);
        Assert.Equal(JsonValueKind.Null, figures[3].GetProperty("panels")[0].GetProperty("values")[2].ValueKind);
    }

    [Fact]
    public void A_number_that_is_none_is_refused()
    {
        ReportPage page = SamplePage.Create() with
        {
            Sections = [new PageSection { Title = "s", Anchor = "s", Figures = [SamplePage.Spectrum("one", "x") with { Measured = [new SpectrumSeries("m", [1], [double.NaN])] }] }],
        };

        Assert.ThrowsAny<JsonException>(() => new Written(page));
    }
}
