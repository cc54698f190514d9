using Eigenscope.Learning.Data;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Experiments.Recipes;

/// <summary>The networks that a study knows by name.</summary>
internal static class StudyNetworks
{
    /// <summary>The name of the multilayer perceptron; every other model is convolutional.</summary>
    public const string Mlp = "mlp";

    /// <summary>Every name.</summary>
    public static string[] Names { get; } = [Mlp, .. Enum.GetNames<ImageModel>().Select(static name => name.ToLowerInvariant())];

    /// <summary>Whether the model is convolutional.</summary>
    public static bool IsConvolutional(StudyOptions options) => options.Model is not Mlp;

    /// <summary>Builds the network for samples of the data's shape and its number of classes.</summary>
    /// <exception cref="UsageException">A convolutional network for data that are not images, or one whose sizes cannot be counted.</exception>
    public static Network Create(StudyOptions options, Dataset data) => IsConvolutional(options) ? CreateForImages(options, data) : Network.Mlp(new MlpOptions
    {
        Widths = [data.Dimension, .. Enumerable.Repeat(options.Width, options.Depth - 1), data.ClassCount],
        Activation = ParseActivation(options.Activation),
        Biases = options.Biases,
        Dropout = options.Dropout,
    });

    public static Activation ParseActivation(string name) => name switch
    {
        "relu" => Activation.Relu,
        "tanh" => Activation.Tanh,
        "gelu" => Activation.Gelu,
        _ => Activation.Linear,
    };

    private static Network CreateForImages(StudyOptions options, Dataset data)
    {
        if (data.SampleShape.Count != 3)
            throw new UsageException($"--model {options.Model} needs images, but a sample of {options.Data} has shape [{string.Join(", ", data.SampleShape)}], not [channels, height, width]; --model {Mlp} takes it");
        ImageModelOptions model = new()
        {
            Model = Enum.Parse<ImageModel>(options.Model, ignoreCase: true),
            SampleShape = data.SampleShape,
            Classes = data.ClassCount,
            Channels = options.Channels,
            Activation = ParseActivation(options.Activation),
            Head = new HeadOptions
            {
                Depth = options.HeadDepth,
                Width = options.HeadWidth,
                Activation = ParseActivation(options.HeadActivation),
                Dropout = options.Dropout,
            },
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
