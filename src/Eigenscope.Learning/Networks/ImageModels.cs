using System.Globalization;

namespace Eigenscope.Learning.Networks;

/// <summary>
/// Lays out convolutional networks. Parameters are named after their place: "conv1.weight", "stage2.0.conv1.weight", "stage2.0.norm1.scale", "stage2.0.shortcut.weight", "head.weight" or "head.1.weight".
/// </summary>
internal static class ImageModels
{
    private const int SmallestPooled = 2;
    private const int NarrowChannels = 16;
    private const int LeNetChannels = 20;
    private const int LeNetKernel = 5;
    private const int SmallestLeNet = 16;
    private const int WideChannels = 64;

    // Multiples of the first stage's channels; 0 halves the image.
    private static readonly int[] Vgg = [1, 0, 2, 0, 4, 4, 0, 8, 8, 0, 8, 8, 0];

    public static Network Create(ImageModelOptions options)
    {
        ImageShape shape = Check(options);
        return NetworkBuilder.Build(builder =>
        {
            Image image = Start(builder, options.SampleShape, shape);
            if (options.Model is ImageModel.LeNet5)
            {
                image = AddLeNet(builder, image, options);
                AddHead(builder, builder.Add(image.Boundary, new FlattenLayer("flatten", image.Shape)), image.Shape.Size, options);
                return;
            }
            image = options.Model is ImageModel.Vgg11 ? AddVgg(builder, image, options) : AddResidual(builder, image, options);
            AddHead(builder, builder.Add(image.Boundary, new GlobalAveragePoolLayer("pool", image.Shape)), image.Shape.Channels, options);
        }, options.Ranks);
    }

    private static ImageShape Check(ImageModelOptions options)
    {
        if (!Enum.IsDefined(options.Model) || !Enum.IsDefined(options.Activation) || !Enum.IsDefined(options.Head.Activation))
            throw new ArgumentException("expected one of the known models and activations", nameof(options));
        DropoutLayer.RequireRate(options.Head.Dropout, nameof(options));
        if (options.SampleShape is not [>= 1, >= 1, >= 1])
            throw new ArgumentException($"a convolutional network needs images of shape [channels, height, width], got samples of shape [{string.Join(", ", options.SampleShape)}]", nameof(options));
        (string Name, int Value)[] extents = [("classes", options.Classes), ("channels", options.Channels ?? 1), ("layers of the head", options.Head.Depth ?? 1), ("units of the head", options.Head.Width ?? 1)];
        foreach ((string name, int value) in extents)
        {
            if (value < 1)
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"the number of {name} must be at least 1, got {value}"), nameof(options));
        }
        if (options.Model is ImageModel.LeNet5 && Math.Min(options.SampleShape[1], options.SampleShape[2]) < SmallestLeNet)
            throw new ArgumentException($"LeNet5 needs images of at least {SmallestLeNet} rows and columns, which two 5×5 convolutions and poolings leave something of, got {options.SampleShape[1]} × {options.SampleShape[2]}", nameof(options));
        return new ImageShape(options.SampleShape[0], options.SampleShape[1], options.SampleShape[2]);
    }

    private static Image Start(NetworkBuilder builder, IReadOnlyList<int> sampleShape, ImageShape shape) =>
        sampleShape[0] == 1 ? new Image(NetworkBuilder.Input, shape) : new Image(builder.Add(NetworkBuilder.Input, new ChannelsLastLayer("channels-last", shape)), shape);

    private static Image AddVgg(NetworkBuilder builder, Image image, ImageModelOptions options)
    {
        int channels = options.Channels ?? WideChannels;
        int number = 0;
        foreach (int multiple in Vgg)
        {
            if (multiple > 0)
            {
                number++;
                string place = number.ToString(CultureInfo.InvariantCulture);
                image = AddUnit(builder, image, $"conv{place}", $"norm{place}", channels * multiple, stride: 1);
                image = Activate(builder, image, $"norm{place}", options.Activation);
            }
            else if (Math.Min(image.Shape.Height, image.Shape.Width) >= SmallestPooled)
            {
                image = Halve(builder, image, $"conv{number.ToString(CultureInfo.InvariantCulture)}.pool");
            }
        }
        return image;
    }

    private static Image AddLeNet(NetworkBuilder builder, Image image, ImageModelOptions options)
    {
        int first = options.Channels ?? LeNetChannels;
        foreach ((string name, int channels) in new[] { ("conv1", first), ("conv2", Math.Max(1, checked(5 * first) / 2)) })
        {
            ConvolutionShape shape = new() { Input = image.Shape, OutputChannels = channels, KernelHeight = LeNetKernel, KernelWidth = LeNetKernel };
            image = new Image(builder.Convolution(image.Boundary, name, shape, biased: true), shape.Output);
            image = Halve(builder, Activate(builder, image, name, options.Activation), $"{name}.pool");
        }
        return image;
    }

    private static Image Halve(NetworkBuilder builder, Image image, string name)
    {
        MaxPoolLayer pool = new(name, image.Shape, kernel: 2, stride: 2, padding: 0);
        return new Image(builder.Add(image.Boundary, pool), pool.Output);
    }

    private static Image AddResidual(NetworkBuilder builder, Image image, ImageModelOptions options)
    {
        (int stages, int blocks, int channels) = options.Model switch
        {
            ImageModel.ResNet8 => (3, 1, NarrowChannels),
            ImageModel.ResNet20 => (3, 3, NarrowChannels),
            _ => (4, 2, WideChannels),
        };
        channels = options.Channels ?? channels;
        image = Activate(builder, AddUnit(builder, image, "conv1", "norm1", channels, stride: 1), "norm1", options.Activation);
        for (int stage = 0; stage < stages; stage++)
        {
            for (int block = 0; block < blocks; block++)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"stage{stage + 1}.{block}");
                image = AddBlock(builder, image, name, channels << stage, stage > 0 && block == 0 ? 2 : 1, options.Activation);
            }
        }
        return image;
    }

    // Where the shape changes the shortcut is a 1×1 convolution with normalisation (He et al., option B).
    private static Image AddBlock(NetworkBuilder builder, Image image, string name, int channels, int stride, Activation activation)
    {
        Image branch = AddUnit(builder, image, $"{name}.conv1", $"{name}.norm1", channels, stride);
        branch = Activate(builder, branch, $"{name}.norm1", activation);
        branch = AddUnit(builder, branch, $"{name}.conv2", $"{name}.norm2", channels, stride: 1);
        Image shortcut = image.Shape == branch.Shape ? image : AddUnit(builder, image, $"{name}.shortcut", $"{name}.shortcut.norm", channels, stride, kernel: 1);
        Image sum = new(builder.Sum($"{name}.sum", shortcut.Boundary, branch.Boundary), branch.Shape);
        return Activate(builder, sum, $"{name}.sum", activation);
    }

    private static Image AddUnit(NetworkBuilder builder, Image image, string convolution, string norm, int channels, int stride, int kernel = 3)
    {
        ConvolutionShape shape = ConvolutionShape.Centered(image.Shape, channels, kernel, stride);
        int boundary = builder.Convolution(image.Boundary, convolution, shape, biased: false);
        return new Image(builder.BatchNorm(boundary, norm, shape.Output), shape.Output);
    }

    private static Image Activate(NetworkBuilder builder, Image image, string after, Activation activation) =>
        image with { Boundary = builder.Activation(image.Boundary, after, image.Shape.Size, activation) };

    private static void AddHead(NetworkBuilder builder, int source, int features, ImageModelOptions options)
    {
        HeadOptions head = options.Head;
        int depth = head.DepthOf(options.Model);
        bool biased = head.Biases ?? (depth == 1 || options.Model is ImageModel.LeNet5);
        for (int l = 1; l <= depth; l++)
        {
            string name = depth == 1 ? "head" : string.Create(CultureInfo.InvariantCulture, $"head.{l}");
            int outputs = l == depth ? options.Classes : head.WidthOf(options.Model);
            source = builder.Dense(source, name, features, outputs, biased);
            if (l < depth)
                source = builder.Dropout(builder.Activation(source, name, outputs, head.Activation), name, outputs, head.Dropout);
            features = outputs;
        }
    }

    /// <summary>A boundary and the image that lies there.</summary>
    private readonly record struct Image(int Boundary, ImageShape Shape);
}
