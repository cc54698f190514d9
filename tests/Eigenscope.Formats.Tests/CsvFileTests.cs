using System.Text;

namespace Eigenscope.Formats.Tests;

public sealed class CsvFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1,2,a\n3,4,b\n")]
    [InlineData("1,2,a\r\n3,4,b\r\n")]
    [InlineData("1,2,a\n3,4,b")]
    [InlineData("\uFEFF1,2,a\n3,4,b\n\n  \n")]
    [InlineData("first,second,label\n1,2,a\n3,4,b\n")]
    [InlineData("2,2,a,b\n1,2,a\n3,4,b\n")]
    [InlineData(" 1 , 2 , a\n\"3\",4,\"b\"\n")]
    [InlineData("1e0,+2.0,a\n.3e1,4,b\n")]
    public void Every_dialect_gives_the_same_table(string text)
    {
        CsvTable table = Read(text);
        Assert.Equal((2, 2), (table.Rows, table.Columns));
        Assert.Equal([1, 2, 3, 4], table.Features);
        Assert.Equal(["a", "b"], table.Labels);
    }

    [Fact]
    public void A_gzipped_table_is_read_whatever_its_name()
    {
        string path = _folder.Write("table.csv", TemporaryFolder.Gzip(Encoding.UTF8.GetBytes("1,2,a\n3,4,b\n")));
        Assert.Equal([1, 2, 3, 4], CsvFile.Read(path).Features);
    }

    [Fact]
    public void Concatenated_gzip_members_are_one_file()
    {
        byte[] first = TemporaryFolder.Gzip("1,2,a\n"u8.ToArray()), second = TemporaryFolder.Gzip("3,4,b\n"u8.ToArray());
        Assert.Equal([1, 2, 3, 4], CsvFile.Read(_folder.Write("two.csv.gz", [.. first, .. second])).Features);
        Assert.Throws<DataFormatException>(() => CsvFile.Read(_folder.Write("cut.csv.gz", [.. first, .. second[..^3]])));
    }

    [Fact]
    public void A_gzip_file_cut_anywhere_is_never_read_as_a_shorter_table()
    {
        byte[] packed = TemporaryFolder.Gzip(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 40).Select(i => $"{i * i},{i % 7},a\n"))));
        for (int length = 2; length < packed.Length; length++)
        {
            string path = _folder.Write("cut.csv.gz", packed[..length]);
            Assert.Contains("truncated or damaged", Assert.Throws<DataFormatException>(() => CsvFile.Read(path)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Column_names_are_kept()
    {
        CsvTable table = Read("width,height,species\n1,2,a\n");
        Assert.Equal(["width", "height", "species"], table.ColumnNames!);
        Assert.Null(table.ClassNames);
    }

    [Theory]
    [InlineData("3,2,setosa,versicolor\n1,2,0\n3,4,1\n5,6,0\n")]
    [InlineData("3,3,setosa,versicolor\n1,2,3,0\n3,4,5,1\n5,6,7,0\n")]
    public void Announced_class_names_are_kept_even_when_the_lengths_agree(string text)
    {
        CsvTable table = Read(text);
        Assert.Equal(["setosa", "versicolor"], table.ClassNames!);
        Assert.Null(table.ColumnNames);
        Assert.Equal(3, table.Rows);
    }

    [Fact]
    public void A_quoted_label_may_hold_a_comma() => Assert.Equal(["a, or b"], Read("1,2,\"a, or b\"\n").Labels);

    [Theory]
    [InlineData("", "", "empty file")]
    [InlineData("\n1,2,a\n", "", "blank first line")]
    [InlineData("x,y,label\n", "", "no rows")]
    [InlineData("1,2,a\n3,4,b\n5,b\n", ", line 3", "3 fields as in line 1, got 2")]
    [InlineData("x,y,l\n3,4,b\n5,6,7,b\n", ", line 3", "3 fields as in line 2, got 4")]
    [InlineData("1,2,a\n3,,b\n", ", line 2", "column 2, got an empty field")]
    [InlineData("1,,a\n3,4,b\n", ", line 1", "column 2, got an empty field")]
    [InlineData("1,2,a\nNaN,4,b\n", ", line 2", "column 1, got 'NaN'")]
    [InlineData("NaN,2,a\n3,4,b\n", ", line 1", "column 1, got 'NaN'")]
    [InlineData("1,2,a\n3,1e999,b\n", ", line 2", "column 2, got '1e999'")]
    [InlineData("1,2,a\n3,four,b\n", ", line 2", "column 2, got 'four'")]
    [InlineData("1,2,a\n3,4,\n", ", line 2", "label in column 3, got an empty field")]
    [InlineData("1,2,a\n\n3,4,b\n", ", line 2", "blank lines at the end only")]
    [InlineData("1\n2\n", ", line 1", "at least one number and a label")]
    [InlineData("3,2,a,b\n1,2,0\n3,4,1\n", "", "3 rows as its first line announces, got 2")]
    public void A_malformed_table_is_an_error_with_its_place(string text, string place, string problem)
    {
        DataFormatException error = Assert.Throws<DataFormatException>(() => Read(text));
        Assert.StartsWith($"{_folder["table.csv"]}{place}: expected ", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_missing_file_a_folder_and_a_truncated_gzip_file_are_named()
    {
        byte[] packed = TemporaryFolder.Gzip(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 500).Select(i => $"{i * i},{i % 7},a\n"))));
        string cut = _folder.Write("cut.csv.gz", packed[..(packed.Length / 2)]);
        foreach ((string path, string problem) in new[] { (_folder["none.csv"], "no such file"), (_folder.Path, "a folder"), (cut, "truncated or damaged") })
        {
            DataFormatException error = Assert.Throws<DataFormatException>(() => CsvFile.Read(path));
            Assert.Equal(path, error.Path);
            Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        }
    }

    private CsvTable Read(string text) => CsvFile.Read(_folder.Write("table.csv", text));
}
