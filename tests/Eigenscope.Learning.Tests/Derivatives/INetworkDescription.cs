using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Tests.Derivatives;

/// <summary>
/// The words in which a test describes a network: the library and the reference each understand them in their own way, so that one description gives both. Every call reads earlier results and
/// gives back the number of its own; the last one's are the logits. Features are images of one position.
/// </summary>
internal interface INetworkDescription
{
    /// <summary>The network's input.</summary>
    int Input { get; }

    int Convolution(int source, int channels, int kernel, int stride = 1, int padding = 0, int groups = 1, bool bias = true);

    /// <summary>With stored statistics.</summary>
    int BatchNorm(int source);

    /// <summary>Over the channels of each position.</summary>
    int LayerNorm(int source);

    int MaxPool(int source, int kernel, int stride, int padding = 0);

    int AveragePool(int source, int kernel, int stride, int padding = 0, bool countsPadding = true);

    int GlobalAveragePool(int source);

    int Activation(int source, Activation activation);

    int Sum(int shortcut, int branch);

    /// <summary>Features in the order row, column, channel.</summary>
    int Flatten(int source);

    int Dense(int source, int outputs, bool bias = true);
}
