using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Import;

/// <summary>Where an array of PyTorch's goes in a network's state, and how its entries are put in our order.</summary>
internal sealed class WeightPlace
{
    private readonly int[] _ours;

    private WeightPlace(ParameterBlock block, IReadOnlyList<int> fileShape, int[] ours) => (Block, FileShape, _ours) = (block, fileShape, ours);

    /// <summary>The parameter or statistic.</summary>
    public ParameterBlock Block { get; }

    /// <summary>Its shape as PyTorch saves it.</summary>
    public IReadOnlyList<int> FileShape { get; }

    /// <summary>Its layer's name and PyTorch's word for its role.</summary>
    public string PyTorchName => WeightMap.PyTorchName(Block.Name);

    /// <summary>The names that it goes by.</summary>
    public IEnumerable<string> Names => PyTorchName == Block.Name ? [Block.Name] : [Block.Name, PyTorchName];

    /// <summary>Every parameter and statistic of a network.</summary>
    public static WeightPlace[] Of(Network network)
    {
        Dictionary<string, WeightPlace> special = new(StringComparer.Ordinal);
        for (int l = 0; l < network.Layers.Count; l++)
        {
            if (network.Layers[l] is ConvolutionLayer convolution)
                special[convolution.Weight.Name] = OfConvolution(convolution.Weight);
            else if (network.Layers[l] is DenseLayer dense && network.Sources(l)[0] > 0 && network.Layers[network.Sources(l)[0] - 1] is FlattenLayer flatten)
                special[dense.Weight.Name] = AfterImage(dense.Weight, flatten.Input);
        }
        return [.. network.Blocks.Concat(network.Statistics).Select(block => special.TryGetValue(block.Name, out WeightPlace? place) ? place : new WeightPlace(block, block.Shape, []))];
    }

    /// <summary>Why an array cannot go here; null where it can.</summary>
    public string? Problem(WeightArray array)
    {
        if (!array.Shape.SequenceEqual(FileShape))
            return $"{array.Name} has shape [{string.Join(", ", array.Shape)}], and {Block.Name} takes [{string.Join(", ", FileShape)}]";
        return Array.TrueForAll(array.Values, double.IsFinite) ? null : $"{array.Name} has numbers that are not finite";
    }

    /// <summary>Puts the entries where they belong.</summary>
    public void Copy(double[] values, double[] state)
    {
        Span<double> target = state.AsSpan(Block.Offset, Block.Length);
        if (_ours.Length == 0)
            values.CopyTo(target);
        for (int i = 0; i < _ours.Length; i++)
            target[_ours[i]] = values[i];
    }

    // (out, in, height, width) to (out, height, width, in).
    private static WeightPlace OfConvolution(ParameterBlock weight)
    {
        (int rows, int height, int width, int channels) = (weight.Shape[0], weight.Shape[1], weight.Shape[2], weight.Shape[3]);
        int[] ours = new int[weight.Length];
        for (int i = 0; i < ours.Length; i++)
        {
            int x = i % width, y = i / width % height, c = i / (width * height) % channels, row = i / (width * height * channels);
            ours[i] = (((((row * height) + y) * width) + x) * channels) + c;
        }
        return new WeightPlace(weight, [rows, channels, height, width], ours);
    }

    // Columns of channels, height, width to height, width, channels.
    private static WeightPlace AfterImage(ParameterBlock weight, ImageShape shape)
    {
        int columns = weight.Shape[1];
        int[] ours = new int[weight.Length];
        for (int i = 0; i < ours.Length; i++)
        {
            int column = i % columns, position = column % shape.Positions, channel = column / shape.Positions;
            ours[i] = (i / columns * columns) + (position * shape.Channels) + channel;
        }
        return new WeightPlace(weight, weight.Shape, ours);
    }
}
