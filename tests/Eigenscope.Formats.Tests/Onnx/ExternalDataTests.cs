using System.Globalization;
using Eigenscope.Formats.Onnx;
using Eigenscope.Formats.Onnx.Wire;
using Google.Protobuf;

namespace Eigenscope.Formats.Tests.Onnx;

/// <summary>Bytes beside a model: where they may lie, and how many there must be.</summary>
public sealed class ExternalDataTests : IDisposable
{
    private readonly TemporaryFolder _outer = new();
    private readonly string _inner;

    public ExternalDataTests()
    {
        _inner = Directory.CreateDirectory(_outer["model"]).FullName;
        Directory.CreateDirectory(Path.Combine(_inner, "parts"));
        _outer.Write("secret", new byte[32]);
        File.WriteAllBytes(Path.Combine(_inner, "weights"), [.. Enumerable.Range(0, 8).SelectMany(static value => BitConverter.GetBytes((float)value))]);
        File.Copy(Path.Combine(_inner, "weights"), Path.Combine(_inner, "parts", "weights"));
        File.CreateSymbolicLink(Path.Combine(_inner, "inside"), "parts/../weights");
        File.CreateSymbolicLink(Path.Combine(_inner, "outside"), "../secret");
        File.CreateSymbolicLink(Path.Combine(_inner, "absolute"), _outer["secret"]);
        File.CreateSymbolicLink(Path.Combine(_inner, "again"), "outside");
        Directory.CreateSymbolicLink(Path.Combine(_inner, "above"), "..");
        File.CreateSymbolicLink(Path.Combine(_inner, "loop"), "loop");
    }

    public void Dispose() => _outer.Dispose();

    [Theory]
    [InlineData("weights")]
    [InlineData("parts/weights")]
    [InlineData("./parts/./weights")]
    [InlineData("inside")]
    [InlineData("above/model/weights")]
    public void Files_in_the_folder_are_read(string location)
    {
        OnnxTensor[] tensors = Read(Entry(location, 4, 8), Entry(location, 24, null));
        Assert.Equal([1.0, 2], tensors[0].ToDoubles());
        Assert.Equal([6.0, 7], tensors[1].ToDoubles());
    }

    [Theory]
    [InlineData("../secret", "location '../secret'")]
    [InlineData("parts/../../secret", "location 'parts/../../secret'")]
    [InlineData("parts/../weights", "location 'parts/../weights'")]
    [InlineData("..\\secret", "location '..\\secret'")]
    [InlineData("/etc/hostname", "location '/etc/hostname'")]
    [InlineData("\\\\host\\share", "location '\\\\host\\share'")]
    [InlineData("C:secret", "location 'C:secret'")]
    [InlineData("", "location ''")]
    [InlineData("a\0b", "location 'a\ufffdb'")]
    [InlineData("outside", "location 'outside', a link that leaves it")]
    [InlineData("absolute", "location 'absolute', a link that leaves it")]
    [InlineData("again", "location 'again', a link that leaves it")]
    [InlineData("above/secret", "location 'above/secret', a link that leaves it")]
    public void Paths_that_leave_the_folder_are_refused(string location, string actual) =>
        Assert.EndsWith($"[initializer 't0']: expected external data inside the model's folder, got {actual}", Error(Entry(location, 0, 8)), StringComparison.Ordinal);

    [Fact]
    public void A_folder_whose_name_only_begins_like_the_models_is_outside()
    {
        Directory.CreateDirectory(_outer["model2"]);
        File.WriteAllBytes(Path.Combine(_outer["model2"], "weights"), new byte[8]);
        File.CreateSymbolicLink(Path.Combine(_inner, "sibling"), "../model2/weights");
        Assert.EndsWith("a link that leaves it", Error(Entry("sibling", 0, 8)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_reached_by_a_link_has_its_weights_where_the_link_is()
    {
        Write([Entry("weights", 0, 8)]);
        Directory.CreateSymbolicLink(_outer["linked"], "model");
        Assert.Equal([0.0, 1], OnnxFile.Read(Path.Combine(_outer["linked"], "model.onnx")).Graph.Initializers[0].ToDoubles());
    }

    [Fact]
    public void What_is_missing_or_short_is_refused_in_one_line()
    {
        Assert.EndsWith("expected external data in 'none', beside the model, got no such file", Error(Entry("none", 0, 8)), StringComparison.Ordinal);
        Assert.EndsWith("expected external data in 'parts', beside the model, got no such file", Error(Entry("parts", 0, 8)), StringComparison.Ordinal);
        Assert.EndsWith("expected external data in 'loop', beside the model, got too many symbolic links", Error(Entry("loop", 0, 8)), StringComparison.Ordinal);
        Assert.EndsWith("expected 8 bytes at 28 in 'weights', got a file of 32 bytes", Error(Entry("weights", 28, 8)), StringComparison.Ordinal);
        Assert.EndsWith("expected 8 bytes at 9223372036854775807 in 'weights', got a file of 32 bytes", Error(Entry("weights", long.MaxValue, 8)), StringComparison.Ordinal);
        Assert.EndsWith("expected 8 bytes of external data as its shape says, got 12", Error(Entry("weights", 0, 12)), StringComparison.Ordinal);
        Assert.EndsWith("expected a whole number as the offset of its external data, got '-1'", Error(Entry("weights", -1, 8)), StringComparison.Ordinal);
        Assert.EndsWith("expected the location of its external data, got none", Error([[]]), StringComparison.Ordinal);
        Assert.EndsWith("expected external data inside the model's folder, got location '" + new string('a', 80) + "…'", Error(Entry(new string('a', 2000), 0, 8)), StringComparison.Ordinal);
    }

    [Fact]
    public void Regions_that_overlap_are_refused_and_equal_ones_shared()
    {
        OnnxTensor[] tied = Read([.. Enumerable.Repeat(Entry("weights", 4, 8), 20)]);
        Assert.All(tied, static tensor => Assert.Equal([1.0, 2], tensor.ToDoubles()));
        Assert.EndsWith("expected regions of 'weights' that do not overlap, got some that do", Error([.. Enumerable.Range(0, 5).Select(static start => Entry("weights", start, 8))]), StringComparison.Ordinal);
    }

    [Fact]
    public void External_data_count_against_the_limit()
    {
        Write([Entry("weights", 0, 8), Entry("weights", 8, 8)]);
        string path = Path.Combine(_inner, "model.onnx");
        long length = new FileInfo(path).Length;
        Assert.Equal(2, OnnxFile.Read(path, new OnnxReadOptions { MaximumBytes = length + 16 }).Graph.Initializers.Count);
        string message = Assert.Throws<DataFormatException>(() => OnnxFile.Read(path, new OnnxReadOptions { MaximumBytes = length + 15 })).Message;
        Assert.EndsWith("expected at most 7 further bytes of external data, got 8", message, StringComparison.Ordinal);
    }

    private static (string Key, string Value)[] Entry(string location, long offset, long? length)
    {
        List<(string, string)> entries = [("location", location), ("offset", offset.ToString(CultureInfo.InvariantCulture))];
        if (length is { } bytes)
            entries.Add(("length", bytes.ToString(CultureInfo.InvariantCulture)));
        return [.. entries];
    }

    private OnnxTensor[] Read(params (string Key, string Value)[][] tensors)
    {
        Write(tensors);
        return [.. OnnxFile.Read(Path.Combine(_inner, "model.onnx")).Graph.Initializers];
    }

    private string Error(params (string Key, string Value)[][] tensors)
    {
        Write(tensors);
        return Assert.Throws<DataFormatException>(() => OnnxFile.Read(Path.Combine(_inner, "model.onnx"))).Message;
    }

    /// <summary>A model with tensors of two floats each.</summary>
    private void Write((string Key, string Value)[][] tensors)
    {
        ValueInfoProto output = new() { Name = "y", Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = 1 } } };
        GraphProto graph = new() { Node = { new NodeProto { OpType = "Identity", Input = { "t0" }, Output = { "y" } } }, Output = { output } };
        for (int i = 0; i < tensors.Length; i++)
        {
            TensorProto tensor = new() { Name = $"t{i}", DataType = 1, Dims = { 2 }, DataLocation = TensorProto.Types.DataLocation.External };
            tensor.ExternalData.Add(tensors[i].Select(static entry => new StringStringEntryProto { Key = entry.Key, Value = entry.Value }));
            graph.Initializer.Add(tensor);
        }
        File.WriteAllBytes(Path.Combine(_inner, "model.onnx"), new ModelProto { IrVersion = 8, Graph = graph }.ToByteArray());
    }
}
