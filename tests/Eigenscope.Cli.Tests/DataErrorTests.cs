using System.Globalization;
using System.IO.Compression;
using Eigenscope.Cli.Tests.Support;
using Eigenscope.Testing.Files;

namespace Eigenscope.Cli.Tests;

/// <summary>Data that cannot be used: exit code 2, one line that names the file, and nothing written over.</summary>
public sealed class DataErrorTests : IDisposable
{
    private const string Before = "what was there before";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_missing_file_is_refused() => AssertRefused(_folder["none.csv"], "no such file or folder");

    [Fact]
    public void A_folder_without_its_files_is_refused()
    {
        Directory.CreateDirectory(_folder["empty"]);

        AssertRefused(_folder["empty"], "train-images-idx3-ubyte");
    }

    [Fact]
    public void A_truncated_archive_is_refused()
    {
        byte[] whole = Npz(("x", Npy("<f8", "(2, 1)", 0.0, 1.0)), ("y", Npy("<f8", "(2,)", 0.0, 1.0)));

        AssertRefused(_folder.Write("cut.npz", whole[..(whole.Length / 2)]), "truncated");
    }

    [Fact]
    public void A_truncated_gzip_file_is_refused()
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest))
            gzip.Write("0.5,0\n1.5,1\n2.5,0\n"u8);

        AssertRefused(_folder.Write("cut.csv.gz", packed.ToArray()[..^9]), "cut.csv.gz");
    }

    [Fact]
    public void A_mislabelled_file_is_refused() => AssertRefused(_folder.Write("text.npz", "0.5,0\n1.5,1\n"), "expected an NPZ file");

    [Fact]
    public void An_unknown_kind_of_file_is_refused() => AssertRefused(_folder.Write("data.xlsx", "cells"), "unknown kind of file");

    [Fact]
    public void An_archive_without_labels_is_refused() => AssertRefused(_folder.Write("x.npz", Npz(("x", Npy("<f8", "(2, 1)", 0.0, 1.0)))), "'y'");

    [Fact]
    public void Labels_out_of_range_are_refused() =>
        AssertRefused(_folder.Write("announced.csv", "3,1,ant,bee\n0.5,0\n1.5,1\n2.5,2\n"), "announced.csv", "label 2");

    [Fact]
    public void A_class_without_samples_is_refused() =>
        AssertRefused(_folder.Write("gap.npz", Npz(("x", Npy("<f8", "(2, 1)", 0.0, 1.0)), ("y", Npy("<f8", "(2,)", 0.0, 2.0)))), "class 1 has no samples");

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void An_input_that_is_not_finite_is_refused(double value) =>
        AssertRefused(_folder.Write("nan.npz", Npz(("x", Npy("<f8", "(2, 1)", 0.0, value)), ("y", Npy("<f8", "(2,)", 0.0, 1.0)))), "nan.npz");

    [Fact]
    public void A_ragged_row_is_refused_with_its_line() => AssertRefused(_folder.Write("ragged.csv", "1,2,0\n3,4,1\n5,1\n"), "ragged.csv", "line 3");

    [Fact]
    public void One_class_is_refused() => AssertRefused(_folder.Write("one.csv", "0.5,0\n1.5,0\n"), "at least 2");

    [Fact]
    public void A_data_set_that_is_not_here_is_refused_with_what_to_do()
    {
        CommandLine line = Line();
        line.Variables["EIGENSCOPE_DATA"] = _folder["data"];

        line.Run("study", "--data", "mnist").AssertRefused("mnist", _folder["data"]);
    }

    private void AssertRefused(string data, params string[] fragments)
    {
        string json = _folder.Write("out.json", Before);
        string arrays = _folder.Write("out.npz", Before);

        Line().Run("study", "--data", data, "--json", json, "--arrays", arrays).AssertRefused([data, .. fragments]);

        Assert.Equal(Before, File.ReadAllText(json));
        Assert.Equal(Before, File.ReadAllText(arrays));
    }

    private CommandLine Line()
    {
        CommandLine line = new();
        line.Variables["EIGENSCOPE_HOME"] = _folder["home"];
        line.Variables["EIGENSCOPE_BLAS"] = "managed";
        return line;
    }

    // NumPy's format, written from its description and not by the code under test.
    private static byte[] Npy(string type, string shape, params double[] values)
    {
        string header = string.Create(CultureInfo.InvariantCulture, $"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}").PadRight(117) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. System.Text.Encoding.ASCII.GetBytes(header), .. values.SelectMany(BitConverter.GetBytes)];
    }

    private static byte[] Npz(params (string Name, byte[] Content)[] arrays)
    {
        using MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in arrays)
            {
                using Stream entry = archive.CreateEntry(name + ".npy").Open();
                entry.Write(content);
            }
        }
        return stream.ToArray();
    }
}
