using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Import;

/// <summary>Convolutions, poolings and batch normalisation: what works on images of shape (samples, channels, rows, columns) or signals without rows. Inside a network the channels of a position lie together.</summary>
internal static class SpatialOperators
{
    public static GraphValue Conv(NodeContext node)
    {
        ConstantValue weight = node.Constant(1, "weight");
        ConstantValue? bias = node.OptionalConstant(2, "bias");
        (ActivationValue x, ImageShape image) = Image(node);
        if (weight.Rank != x.Rank)
            throw new NodeNotSupportedException($"its weight has shape [{Extents.Text(weight.Shape)}] for an input of shape [{Extents.Text(x.Shape)}]");
        SpatialWindow window = SpatialWindow.Read(node, x.Shape[2..], weight.Shape[2..]);
        long groups = node.Integer("group", 1);
        if (groups < 1 || groups > image.Channels || image.Channels % groups != 0 || weight.Shape[0] % groups != 0 || weight.Shape[1] != image.Channels / groups)
            throw new NodeNotSupportedException($"{groups} groups and a weight of shape [{Extents.Text(weight.Shape)}] do not fit an input of {image.Channels} channels");
        ConvolutionShape shape = new()
        {
            Input = image,
            OutputChannels = weight.Shape[0],
            KernelHeight = window.Kernel[0],
            KernelWidth = window.Kernel[1],
            StrideHeight = window.Stride[0],
            StrideWidth = window.Stride[1],
            DilationHeight = window.Dilation[0],
            DilationWidth = window.Dilation[1],
            PaddingTop = window.Before[0],
            PaddingLeft = window.Before[1],
            PaddingBottom = window.After[0],
            PaddingRight = window.After[1],
            Groups = (int)groups,
        };
        return Convolved(node, x, shape, weight, bias);
    }

    public static GraphValue MaxPool(NodeContext node)
    {
        if (node.Integer("storage_order", 0) != 0)
            throw new NodeNotSupportedException("storage_order is not 0");
        (ActivationValue x, PoolShape shape) = Pool(node);
        return ImageResult(x, shape.Output, node.Builder.Network.Add(x.Boundary, new MaxPoolLayer(node.Builder.LayerName(node.Name), shape)), node.Builder);
    }

    public static GraphValue AveragePool(NodeContext node)
    {
        (ActivationValue x, PoolShape shape) = Pool(node);
        shape = shape with { CountsPadding = node.Integer("count_include_pad", 0) != 0 };
        return ImageResult(x, shape.Output, node.Builder.Network.Add(x.Boundary, new AveragePoolLayer(node.Builder.LayerName(node.Name), shape)), node.Builder);
    }

    public static GraphValue GlobalAveragePool(NodeContext node)
    {
        (ActivationValue x, ImageShape image) = Image(node);
        return ImageResult(x, image with { Height = 1, Width = 1 }, node.Builder.Network.Add(x.Boundary, new GlobalAveragePoolLayer(node.Builder.LayerName(node.Name), image)), node.Builder);
    }

    public static GraphValue GlobalMaxPool(NodeContext node)
    {
        (ActivationValue x, ImageShape image) = Image(node);
        PoolShape shape = new() { Input = image, KernelHeight = image.Height, KernelWidth = image.Width };
        return ImageResult(x, shape.Output, node.Builder.Network.Add(x.Boundary, new MaxPoolLayer(node.Builder.LayerName(node.Name), shape)), node.Builder);
    }

    public static GraphValue[] BatchNormalization(NodeContext node)
    {
        ActivationValue x = node.Activation(0);
        if (x.Rank < 2)
            throw new NodeNotSupportedException("its input has no axis of channels");
        node.RequireWithinSample(x, 1);
        int channels = x.Shape[1];
        ConstantValue[] tables = [node.Constant(1, "scale"), node.Constant(2, "shift"), node.Constant(3, "mean"), node.Constant(4, "variance")];
        if (Array.Exists(tables, table => table.Length != channels))
            throw new NodeNotSupportedException($"its scale, shift, mean and variance do not all have the {channels} entries of the channels");
        ImportBuilder builder = node.Builder;
        if (node.Integer("training_mode", 0) != 0)
            builder.Note("batch normalisation was exported in training mode; its stored mean and variance are used");
        x = builder.InOrder(x, [.. x.Order.Where(static axis => axis != 1), 1], node.Name);
        string layer = builder.LayerName(DenseOperators.LayerName(tables[0].Origin, node.Name));
        BlockNames names = new()
        {
            Scale = builder.BlockName(tables[0].Origin, layer, "scale", tables[0].Data, node.Place(1, tables[0].Shape)),
            Shift = builder.BlockName(tables[1].Origin, layer, "shift", tables[1].Data, node.Place(2, tables[1].Shape)),
            Mean = builder.BlockName(tables[2].Origin, layer, "mean", tables[2].Data, node.Place(3, tables[2].Shape), isParameter: false),
            Variance = builder.BlockName(tables[3].Origin, layer, "variance", tables[3].Data, node.Place(4, tables[3].Shape), isParameter: false),
        };
        builder.Reserve(x.Length);
        ImageShape image = new(channels, 1, x.Length / Math.Max(channels, 1));
        int boundary = builder.Network.BatchNorm(x.Boundary, layer, image, node.Number("epsilon", 1e-5), names);
        return [new ActivationValue(boundary, x.Shape, x.Order, x.Samples)];
    }

    private static ActivationValue Convolved(NodeContext node, ActivationValue x, ConvolutionShape shape, ConstantValue weight, ConstantValue? bias)
    {
        ImportBuilder builder = node.Builder;
        int inputs = weight.Shape[1], patch = shape.KernelHeight * shape.KernelWidth;
        shape.Validate(node.Name);
        builder.Reserve(shape.Output.Size);
        // (outputs, inputs, rows, columns) to (outputs, rows, columns, inputs).
        double[] lastly = [.. Extents.Walk([shape.OutputChannels, patch, inputs], [inputs * patch, 1, patch], 0).Select(index => weight.Data[index])];
        string layer = builder.LayerName(DenseOperators.LayerName(weight.Origin, node.Name));
        if (bias is not null && bias.Length != shape.OutputChannels)
            throw new NodeNotSupportedException($"its bias has {bias.Length} entries; expected one for each of {shape.OutputChannels} output channels");
        BlockNames names = new()
        {
            Weight = builder.BlockName(weight.Origin, layer, "weight", lastly, node.Place(1, weight.Shape, TensorOrder.ChannelsFirst)),
            Bias = bias is null ? null : builder.BlockName(bias.Origin, layer, "bias", bias.Data, node.Place(2, bias.Shape)),
        };
        return ImageResult(x, shape.Output, builder.Network.Convolution(x.Boundary, layer, shape, bias is not null, names), builder);
    }

    private static (ActivationValue Input, PoolShape Shape) Pool(NodeContext node)
    {
        (ActivationValue x, ImageShape image) = Image(node);
        long[] kernel = node.Integers("kernel_shape") ?? throw new NodeNotSupportedException("its kernel_shape is missing");
        if (kernel.Any(static extent => extent is < 1 or > int.MaxValue / 4))
            throw new NodeNotSupportedException($"its kernel_shape [{string.Join(", ", kernel)}] is out of range");
        SpatialWindow window = SpatialWindow.Read(node, x.Shape[2..], [.. kernel.Select(static extent => (int)extent)]);
        PoolShape shape = new()
        {
            Input = image,
            KernelHeight = window.Kernel[0],
            KernelWidth = window.Kernel[1],
            StrideHeight = window.Stride[0],
            StrideWidth = window.Stride[1],
            DilationHeight = window.Dilation[0],
            DilationWidth = window.Dilation[1],
            PaddingTop = window.Before[0],
            PaddingLeft = window.Before[1],
            PaddingBottom = window.After[0],
            PaddingRight = window.After[1],
            CeilMode = node.Integer("ceil_mode", 0) != 0,
        };
        shape.Validate(node.Name);
        // A window is a list of positions.
        node.Builder.Reserve((long)shape.Output.Positions * shape.KernelHeight * shape.KernelWidth);
        return (x, shape);
    }

    private static (ActivationValue Input, ImageShape Image) Image(NodeContext node)
    {
        ActivationValue x = node.Activation(0);
        if (x.Rank is not (3 or 4) || x.BatchAxis != 0 || x.Shape[0] != 1)
            throw new NodeNotSupportedException($"its input has shape [{Extents.Text(x.Shape)}]; expected (samples, channels, rows, columns), or without rows (samples counted as one)");
        x = node.Builder.InOrder(x, ChannelsLast(x.Rank), node.Name);
        return (x, new ImageShape(x.Shape[1], x.Rank == 4 ? x.Shape[2] : 1, x.Shape[^1]));
    }

    private static ActivationValue ImageResult(ActivationValue x, ImageShape image, int boundary, ImportBuilder builder)
    {
        builder.Reserve(image.Size);
        return new ActivationValue(boundary, x.Rank == 4 ? [1, image.Channels, image.Height, image.Width] : [1, image.Channels, image.Width], x.Order, x.Samples);
    }

    private static int[] ChannelsLast(int rank) => [0, .. Enumerable.Range(2, rank - 2), 1];
}
