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
    int BatchNorm(int source, double epsilon = 1e-5);

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

    // What follows reads features and makes features.

    /// <summary>The same weight at each of several positions, whose inputs lie side by side.</summary>
    int TokenDense(int source, int outputs, int positions, bool bias = true);

    /// <summary>One after another.</summary>
    int Concat(params int[] sources);

    /// <summary>Entries by their indices; −1 for a zero.</summary>
    int Select(int source, params int[] indices);

    /// <summary>Each entry is added to its target, and all is multiplied by a factor.</summary>
    int Reduce(int source, int outputs, double factor, params int[] targets);

    int Affine(int source, double[] scale, double[] shift);

    int Function(int source, ScalarFunction function);

    int Product(int first, int second);

    int BatchedProduct(int first, int second, int batches, int rows, int inner, int columns);

    int Softmax(int source, int width);

    int LogSoftmax(int source, int width);
}
