using Eigenscope.Experiments.Store;
using Eigenscope.Experiments.Sweeps;
using Eigenscope.Testing.Files;

namespace Eigenscope.Experiments.Tests.Sweeps;

/// <summary>The table for plots of one's own, read back by a reader of RFC 4180 written here.</summary>
public sealed class SweepCsvTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void One_line_a_run_and_layer_with_every_number_to_the_last_bit()
    {
        List<string[]> lines = Write(SweepSamples.Grid());
        string[] head = lines[0];
        string Cell(int line, string column) => lines[line][Array.IndexOf(head, column)];

        // Nine runs with two layers; three without a layer have a line of their own.
        Assert.Equal(1 + (9 * 2) + 3, lines.Count);
        Assert.All(lines, line => Assert.Equal(head.Length, line.Length));
        Assert.Equal(("8", "0.1", "2", "0", "done", "low-rank"), (Cell(1, "width"), Cell(1, "weight-decay"), Cell(1, "depth"), Cell(1, "seed"), Cell(1, "status"), Cell(1, "ending")));
        Assert.Equal(("2", "2", "0.001", "5"), (Cell(2, "layer"), Cell(2, "numericalRank"), Cell(2, "tcv"), Cell(2, "boundRight")));
        string[] missing = Assert.Single(lines, line => line[Array.IndexOf(head, "status")] is "missing" && line[Array.IndexOf(head, "seed")] is "0");
        Assert.Equal(("", "", ""), (missing[Array.IndexOf(head, "loss")], missing[Array.IndexOf(head, "layer")], missing[Array.IndexOf(head, "numericalRank")]));
    }

    [Theory]
    [InlineData("a,b")]
    [InlineData("say \"so\"")]
    [InlineData("two\nlines")]
    [InlineData("plain")]
    public void Texts_come_back_as_they_were(string text)
    {
        LayerFacts layer = new() { Name = text, Tcv = 0.1 + 0.2 };
        List<string[]> lines = Write(SweepSamples.Result([], [SweepSamples.Done(3, new RunFacts { Layers = [layer] }, ("data", text)) with { Id = "0123456789abcdef" }]));

        Assert.Equal(2, lines.Count);
        Assert.Equal(text, lines[1][Array.IndexOf(lines[0], "data")]);
        Assert.Equal(text, lines[1][Array.IndexOf(lines[0], "layerName")]);
        Assert.Equal(0.1 + 0.2, double.Parse(lines[1][Array.IndexOf(lines[0], "tcv")], System.Globalization.CultureInfo.InvariantCulture));
    }

    private List<string[]> Write(SweepResult result)
    {
        string path = _folder["runs.csv"];
        SweepCsv.Write(path, result);
        return Parse(File.ReadAllText(path));
    }

    // Fields between commas; within quotes everything is text, and two quotes are one.
    private static List<string[]> Parse(string text)
    {
        List<string[]> lines = [];
        List<string> fields = [];
        System.Text.StringBuilder field = new();
        bool isQuoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '"' && isQuoted && i + 1 < text.Length && text[i + 1] == '"')
                field.Append(text[++i]);
            else if (c == '"')
                isQuoted = !isQuoted;
            else if (!isQuoted && (c is ',' or '\n'))
            {
                fields.Add(field.ToString());
                field.Clear();
                if (c == '\n')
                {
                    lines.Add([.. fields]);
                    fields.Clear();
                }
            }
            else
                field.Append(c);
        }
        return lines;
    }
}
