using Eigenscope.Formats.Onnx;
using Eigenscope.Learning.Import;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Learning.Tests.Import;

/// <summary>
/// Well-formed files of nonsense: models of every kind with attributes, shapes, operators and connections changed at random. An import ends in a network or in an <see cref="OnnxImportException"/>, and takes no more memory than its bound.
/// </summary>
public sealed class OnnxImportFuzzTests
{
    private const int Changes = 250;
    private const long MostEntries = 1 << 22;

    // Numbers of eight bytes, and a few lists of each on the way: what is counted once may lie there several times.
    private const long MostBytes = MostEntries * 8 * 24;

    private static readonly long[] Extremes = [0, 1, -1, 2, 3, 7, 255, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue, 1L << 40];

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder, "*.onnx").Select(static path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Import", "Data", "Models");

    [Theory]
    [MemberData(nameof(Files))]
    public void Changed_models_are_imported_or_refused(string file)
    {
        OnnxModel model = OnnxFile.Read(Path.Combine(Folder, $"{file}.onnx"));
        RandomStream random = new RandomStream(20).Split(file);
        for (int i = 0; i < Changes; i++)
        {
            OnnxModel changed = model;
            for (int change = random.NextInt32(3); change >= 0; change--)
                changed = Change(changed, random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Import(changed);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
        }
    }

    private static void Import(OnnxModel model)
    {
        try
        {
            Network network = OnnxImport.Import(model, new OnnxImportOptions { MostEntries = MostEntries }).Network;
            Assert.True(network.OutputSize > 0);
        }
        catch (OnnxImportException refused)
        {
            Assert.NotEmpty(refused.Message);
        }
    }

    private static OnnxModel Change(OnnxModel model, RandomStream random)
    {
        OnnxGraph graph = model.Graph;
        OnnxNode[] nodes = [.. graph.Nodes];
        int at = random.NextInt32(nodes.Length);
        OnnxNode node = nodes[at], other = nodes[random.NextInt32(nodes.Length)];
        switch (random.NextInt32(7))
        {
            case 0:
                nodes[at] = node with { Operator = other.Operator };
                break;
            case 1:
                nodes[at] = node with { Attributes = other.Attributes };
                break;
            case 2:
                nodes[at] = node with { Attributes = node.Attributes.ToDictionary(static entry => entry.Key, entry => Changed(entry.Value, random), StringComparer.Ordinal) };
                break;
            case 3:
                nodes[at] = node with { Inputs = [.. node.Inputs.Skip(random.NextInt32(2)), .. other.Inputs.Take(random.NextInt32(2))] };
                break;
            case 4:
                return model with { Graph = graph with { Initializers = [.. graph.Initializers.Select(tensor => Changed(tensor, random))] } };
            case 5:
                return model with { Opsets = new Dictionary<string, long>(StringComparer.Ordinal) { [""] = 9 + random.NextInt32(13) } };
            default:
                OnnxValue input = graph.Inputs[0];
                return model with { Graph = graph with { Inputs = [input with { Shape = [.. (input.Shape ?? []).Select(extent => random.NextInt32(3) == 0 ? new OnnxExtent(Extreme(random), null) : extent)] }, .. graph.Inputs.Skip(1)] } };
        }
        return model with { Graph = graph with { Nodes = nodes } };
    }

    private static OnnxAttribute Changed(OnnxAttribute attribute, RandomStream random) => attribute.Kind switch
    {
        OnnxAttributeKind.Integer => OnnxAttribute.Of(Extreme(random)),
        OnnxAttributeKind.Integers => OnnxAttribute.Of([.. attribute.Integers.Select(value => random.NextInt32(2) == 0 ? Extreme(random) : value)]),
        OnnxAttributeKind.Number => OnnxAttribute.Of(random.NextInt32(3) switch { 0 => double.NaN, 1 => 0.0, _ => double.NegativeInfinity }),
        OnnxAttributeKind.Tensor => OnnxAttribute.Of(Changed(attribute.Tensor!, random)),
        _ => attribute,
    };

    // Other whole numbers, or the same numbers in another shape.
    private static OnnxTensor Changed(OnnxTensor tensor, RandomStream random)
    {
        if (random.NextInt32(3) != 0)
            return tensor;
        if (tensor.IsInteger)
            return OnnxTensor.FromIntegers(tensor.Name, tensor.Shape, [.. tensor.ToIntegers().Select(value => random.NextInt32(2) == 0 ? Extreme(random) : value)]);
        int[] shape = random.NextInt32(2) == 0 ? [.. tensor.Shape.Reverse()] : [tensor.Length];
        return OnnxTensor.FromDoubles(tensor.Name, shape, tensor.ToDoubles());
    }

    private static long Extreme(RandomStream random) => Extremes[random.NextInt32(Extremes.Length)];
}
