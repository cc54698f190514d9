using Eigenscope.Learning.Data;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Experiments.Recipes;

/// <summary>The networks that a study knows by name.</summary>
internal static class StudyNetworks
{
    /// <summary>The name of the multilayer perceptron; every other model is convolutional.</summary>
    public const string Mlp = "mlp";

    private const int SmallestLeNet = 16;

    /// <summary>Every name.</summary>
    public static string[] Names { get; } = [Mlp, .. Enum.GetNames<ImageModel>().Select(static name => name.ToLowerInvariant())];

    /// <summary>Whether the model is convolutional.</summary>
    public static bool IsConvolutional(StudyOptions options) => options.Model is not Mlp;

    /// <summary>Whether the model normalises over batches: every convolutional one but lenet5.</summary>
    public static bool HasNormalization(StudyOptions options) => IsConvolutional(options) && Model(options) is not ImageModel.LeNet5;

    /// <summary>Dense layers that end a convolutional network, where there is one.</summary>
    public static int HeadDepth(StudyOptions options) => Head(options).DepthOf(Model(options));

    /// <summary>Units of the head's hidden layers, where there are any.</summary>
    public static int HeadWidth(StudyOptions options) => Head(options).WidthOf(Model(options));

    /// <summary>Builds the network for samples of the data's shape and its number of classes.</summary>
    /// <exception cref="UsageException">A convolutional network for data that are not images or too small for it, or one whose sizes cannot be counted.</exception>
    public static Network Create(StudyOptions options, Dataset data) => Create(options, data.SampleShape, data.ClassCount, ranks: null);

    /// <summary>Builds the network for samples of a shape, some of its layers of two factors.</summary>
    /// <exception cref="UsageException">A convolutional network for data that are not images or too small for it, or one whose sizes cannot be counted.</exception>
    /// <exception cref="ArgumentException">A rank that no layer can have.</exception>
    public static Network Create(StudyOptions options, IReadOnlyList<int> sampleShape, int classes, IReadOnlyDictionary<string, int>? ranks) => IsConvolutional(options) ? CreateForImages(options, sampleShape, classes, ranks) : Network.Mlp(new MlpOptions
    {
        Widths = [sampleShape.Aggregate(1, static (product, extent) => checked(product * extent)), .. Enumerable.Repeat(options.Width, options.Depth - 1), classes],
        Activation = ParseActivation(options.Activation),
        Biases = options.Biases,
        Dropout = options.Dropout,
        Ranks = ranks,
    });

    public static Activation ParseActivation(string name) => name switch
    {
        "relu" => Activation.Relu,
        "tanh" => Activation.Tanh,
        "gelu" => Activation.Gelu,
        _ => Activation.Linear,
    };

    private static ImageModel Model(StudyOptions options) => Enum.Parse<ImageModel>(options.Model, ignoreCase: true);

    private static HeadOptions Head(StudyOptions options) => new()
    {
        Depth = options.HeadDepth,
        Width = options.HeadWidth,
        Activation = ParseActivation(options.HeadActivation),
        Dropout = options.Dropout,
    };

    private static Network CreateForImages(StudyOptions options, IReadOnlyList<int> sampleShape, int classes, IReadOnlyDictionary<string, int>? ranks)
    {
        if (sampleShape.Count != 3)
            throw new UsageException($"--model {options.Model} needs images, but a sample of {options.Data} has shape [{string.Join(", ", sampleShape)}], not [channels, height, width]; --model {Mlp} takes it");
        if (Model(options) is ImageModel.LeNet5 && Math.Min(sampleShape[1], sampleShape[2]) < SmallestLeNet)
            throw new UsageException($"--model {options.Model} needs images of at least {SmallestLeNet} × {SmallestLeNet}, but those of {options.Data} are {sampleShape[1]} × {sampleShape[2]}; --model {Mlp} takes them");
        ImageModelOptions model = new()
        {
            Model = Model(options),
            SampleShape = sampleShape,
            Classes = classes,
            Channels = options.Channels,
            Activation = ParseActivation(options.Activation),
            Head = Head(options),
            Ranks = ranks,
        };
        try
        {
            return Network.ForImages(model);
        }
        catch (OverflowException exception)
        {
            throw new UsageException($"--model {options.Model} would have more than {int.MaxValue} numbers in a layer or in all; fewer --channels, or a smaller --head-width, fit", exception);
        }
    }
}
